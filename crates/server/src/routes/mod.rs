//! Routes, by what they are about.

pub mod jobs;
pub mod people;
pub mod projects;
pub mod reviewables;
pub mod session;
pub mod system;
pub mod versions;
