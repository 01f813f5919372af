//! SQL for two engines: SQLite (one writer, many readers) and PostgreSQL.
//!
//! One SQL text serves both; where the dialects must differ, the difference is one named function of
//! [`Tx`]. Knows nothing of HTTP, ffmpeg or permissions: every function is scoped by the ids it is given,
//! and whoever calls it has asked `domain::people::authorise` first.

mod engine;
mod migrations;
mod value;

pub mod accounts;
pub mod attempts;
pub mod comments;
pub mod decisions;
pub mod doorbell;
pub mod events;
pub mod guests;
pub mod invitations;
pub mod jobs;
pub mod leases;
pub mod processing;
pub mod projects;
pub mod reviewables;
pub mod scope;
pub mod sessions;
pub mod settings;
pub mod shares;
pub mod summaries;
pub mod uploads;
pub mod versions;
pub mod watched;

pub use engine::{Db, DbError, Tx};
