//! Decisions, and what was watched before them.

use jiff::Timestamp;
use picturelock_domain::review::DecisionOutcome;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Author;

/// How sure the studio can be of who decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// Signed in to an account.
    Account,
    /// Held the link and typed a name: weaker.
    LinkOnly,
}

/// A recorded decision.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Decision {
    /// Its id.
    pub id: Uuid,
    /// The version it is about.
    pub version_id: Uuid,
    /// That version's number.
    pub number: u32,
    /// What was decided.
    #[schema(value_type = String)]
    pub outcome: DecisionOutcome,
    /// Who decided.
    pub by: Author,
    /// Their email address, where given.
    pub email: Option<String>,
    /// How sure the studio can be of that.
    pub identity: Identity,
    /// The sentence agreed to, with the full name typed.
    pub statement: String,
    /// A remark.
    pub note: Option<String>,
    /// The comments listed with *approve with changes*.
    pub listed_comments: Vec<Uuid>,
    /// The file decided on.
    pub content_hash: String,
    /// The share of the version they had watched, 0 to 100.
    pub watched_percent: u32,
    /// When.
    #[schema(value_type = String)]
    pub decided_at: Timestamp,
    /// Whether a later decision on the same version stands instead.
    pub superseded: bool,
}

/// A decision to be recorded.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewDecision {
    /// What is decided.
    #[schema(value_type = String)]
    pub outcome: DecisionOutcome,
    /// The hash of the file the page displayed.
    pub content_hash: String,
    /// The person's full name, typed under the statement.
    pub statement: String,
    /// A remark.
    #[serde(default)]
    pub note: Option<String>,
    /// The comments that say what to change, for *approve with changes*.
    #[serde(default)]
    pub listed_comments: Vec<Uuid>,
    /// Chosen by the browser: the same key again gives the same decision.
    pub client_key: Uuid,
}

/// Frames somebody has just watched, as `[first, last]`, both included.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct WatchedRanges {
    /// The ranges.
    pub ranges: Vec<(u32, u32)>,
}

/// How much of a version somebody has watched.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Watched {
    /// 0 to 100, rounded down.
    pub watched_percent: u32,
}
