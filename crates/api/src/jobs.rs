//! Background work.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits for its turn, or for another try.
    Queued,
    /// Some worker is at it.
    Running,
    /// Done.
    Done,
    /// Given up; the error says why.
    Failed,
    /// Somebody stopped it.
    Cancelled,
}

/// A piece of background work.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// What it does, such as `process_version`.
    pub kind: String,
    /// Its project.
    pub project_id: Option<Uuid>,
    /// Its version.
    pub version_id: Option<Uuid>,
    /// What it works on, for people.
    pub subject: String,
    /// Where it stands.
    pub state: JobState,
    /// Per mille done.
    pub progress: u32,
    /// What it is doing, in a word or two.
    pub phase: String,
    /// How often it was begun.
    pub attempts: u32,
    /// Why it failed, for people.
    pub error: Option<String>,
    /// Whether it can be cancelled now.
    pub cancellable: bool,
    /// When it was asked for.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// When it last moved.
    #[schema(value_type = String)]
    pub updated_at: Timestamp,
}
