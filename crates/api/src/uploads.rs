//! Uploads in progress.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An upload that is not complete.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Upload {
    /// Its id.
    pub id: Uuid,
    /// The file's name.
    pub file_name: String,
    /// Its path within the folder that was dropped.
    pub relative_path: String,
    /// The reviewable it becomes a version of; absent: a new one.
    pub reviewable_id: Option<Uuid>,
    /// What the browser knows the file by, to offer resuming.
    pub fingerprint: String,
    /// The file's size.
    pub bytes: u64,
    /// How much has arrived for good.
    pub offset: u64,
    /// When it began.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// When it is forgotten.
    #[schema(value_type = String)]
    pub expires_at: Timestamp,
}
