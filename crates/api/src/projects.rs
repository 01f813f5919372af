//! Projects and reviewables.

use jiff::Timestamp;
use picturelock_domain::frame::FrameRate;
use picturelock_domain::project::Stage;
use picturelock_domain::review::{Brief, ReviewState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Version, VersionStateCode};

/// A project with what a list shows of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Project {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// For whom.
    pub client: String,
    /// The rate the team cuts at: `{num, den}`.
    #[schema(value_type = Option<Object>)]
    pub frame_rate: Option<FrameRate>,
    /// The label timelines begin at.
    pub start_timecode: Option<String>,
    /// When it was made.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// How many people it has.
    pub member_count: u32,
    /// How many reviewables it has.
    pub reviewable_count: u32,
    /// Open comments on current versions.
    pub open_comment_count: u32,
    /// The version that came last.
    pub latest: Option<LatestVersion>,
}

/// The version of a project that came last.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LatestVersion {
    /// Its reviewable.
    pub reviewable_id: Uuid,
    /// The reviewable's name.
    pub reviewable_name: String,
    /// The stage it stands in.
    #[schema(value_type = String)]
    pub stage: Stage,
    /// The version.
    pub version_id: Uuid,
    /// Its number.
    pub number: u32,
    /// Whether it can be watched.
    pub state: VersionStateCode,
    /// Where it stands in its review.
    #[schema(value_type = String)]
    pub review: ReviewState,
    /// Whether it has a poster picture.
    pub has_poster: bool,
    /// When an answer is wanted.
    #[schema(value_type = Option<String>)]
    pub answer_by: Option<Timestamp>,
}

/// A project to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewProject {
    /// Its name.
    pub name: String,
    /// For whom.
    pub client: String,
    /// The rate the team cuts at.
    #[schema(value_type = Option<Object>)]
    pub frame_rate: Option<FrameRate>,
    /// The label timelines begin at, such as 01:00:00:00.
    pub start_timecode: Option<String>,
}

/// What can change of a project; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct EditProject {
    /// Another name.
    pub name: Option<String>,
    /// Another client.
    pub client: Option<String>,
    /// Another rate.
    #[schema(value_type = Option<Object>)]
    pub frame_rate: Option<FrameRate>,
    /// Another start label; the empty text takes it away.
    pub start_timecode: Option<String>,
}

/// A thing under review with its versions, newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reviewable {
    /// Its id.
    pub id: Uuid,
    /// Its project.
    pub project_id: Uuid,
    /// Its name.
    pub name: String,
    /// What reviewers are told.
    #[schema(value_type = Object)]
    pub brief: Brief,
    /// When it was made.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// Its versions, newest first.
    pub versions: Vec<Version>,
}

/// A reviewable to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewReviewable {
    /// Its name.
    pub name: String,
    /// The stage it stands in.
    #[schema(value_type = String)]
    pub stage: Stage,
}

/// What can change of a reviewable; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct EditReviewable {
    /// Another name.
    pub name: Option<String>,
    /// Another brief, whole.
    #[schema(value_type = Option<Object>)]
    pub brief: Option<Brief>,
}
