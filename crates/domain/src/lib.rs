//! What Picturelock knows about post-production.
//!
//! The rules of frames, versions, comments, decisions and permissions, as types and pure functions.
//! This crate performs no I/O, never reads a clock and knows nothing of databases, HTTP or files:
//! time and identifiers are passed in. A [`Refusal`] can be shown to a person as it is.

pub mod file_name;
pub mod frame;
pub mod id;
pub mod people;
pub mod project;
pub mod refusal;
pub mod review;
pub mod share;
pub mod text;
pub mod version;

pub use refusal::{Refusal, RefusalKind};
