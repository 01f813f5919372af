//! Routes, by what they are about.

pub mod people;
pub mod projects;
pub mod session;
pub mod system;
