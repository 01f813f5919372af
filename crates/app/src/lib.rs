//! Use cases: each function is one thing a person can do, from permission to the event that tells others.
//!
//! The order is always the same: a [`Context`] (who asks, about what, and that they may), the domain's rule,
//! one transaction that holds the change, its event and its jobs, then the doorbell for live readers.
//! Knows nothing of HTTP or SQL text; never reads the clock.

mod access;
mod bell;
mod error;
mod secrets;
mod state;

pub mod accounts;
pub mod comments;
pub mod decisions;
pub mod events;
pub mod exports;
pub mod files;
pub mod guests;
pub mod jobs;
pub mod people;
pub mod projects;
pub mod reviewables;
pub mod shares;
pub mod system;
pub mod uploads;
pub mod versions;
pub mod watching;

pub use access::{Actor, Context, Target};
pub use bell::Bell;
pub use error::AppError;
pub use state::{App, Parts, Settings};
