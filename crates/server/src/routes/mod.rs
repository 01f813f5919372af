//! Routes, by what they are about.

pub mod comments;
pub mod decisions;
pub mod events;
pub mod exports;
pub mod guest;
pub mod jobs;
pub mod people;
pub mod projects;
pub mod reviewables;
pub mod session;
pub mod shares;
pub mod system;
pub mod uploads;
pub mod versions;
