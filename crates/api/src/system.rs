//! The server itself.

use serde::Serialize;
use utoipa::ToSchema;

/// Whether the server answers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    pub status: String,
    /// Picturelock's version.
    pub version: String,
}

/// What the server runs on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct System {
    /// Picturelock's version.
    pub version: String,
    /// ffmpeg's version, if it was found.
    pub ffmpeg: Option<String>,
    /// How media tools are confined: `landlock` or `none`.
    pub sandbox: String,
    /// The database engine.
    pub database: String,
    /// Where files are kept.
    pub storage: String,
    /// Free room for files, where it is known.
    pub free_bytes: Option<u64>,
    /// All room for files, where it is known.
    pub total_bytes: Option<u64>,
}

/// An error (RFC 9457 `application/problem+json`).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`.
    pub r#type: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// A stable word for programs.
    pub code: String,
    /// What was wrong and what to do, for a person.
    pub detail: String,
}
