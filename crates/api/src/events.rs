//! Live events.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Comment;

/// Something changed in a project. What is not told is not concerned.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Event {
    /// A word such as `comment_created`.
    pub kind: String,
    /// Its place in the project's log, from 1; also the `id` of the server-sent event.
    pub seq: i64,
    /// The version it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version_id: Option<Uuid>,
    /// The comment it is about; for a reply, the comment it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment_id: Option<Uuid>,
    /// The comment as its reader sees it now, with `mine` always false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<Comment>,
    /// What else there is to know, for the team only: `job`, `reviewable_id`, ….
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub more: serde_json::Map<String, serde_json::Value>,
}
