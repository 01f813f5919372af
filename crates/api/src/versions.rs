//! Versions and their media.

use jiff::Timestamp;
use picturelock_domain::review::ReviewState;
use picturelock_domain::version::Footage;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Job, UserName};

/// Where a version stands on its way to the player.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VersionStateCode {
    /// Being checked and turned into proxies.
    Processing,
    /// Can be watched.
    Ready,
    /// Cannot be used; the reason says why.
    Failed,
    /// Its files are gone, its comments stay.
    Deleted,
}

/// One exact file of a reviewable.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Version {
    /// Its id.
    pub id: Uuid,
    /// Its reviewable.
    pub reviewable_id: Uuid,
    /// Its project.
    pub project_id: Uuid,
    /// Counted from 1 within the reviewable.
    pub number: u32,
    /// The name the file came with.
    pub file_name: String,
    /// The file's size.
    pub bytes: u64,
    /// The file's BLAKE3 hash, once the whole file was read.
    pub content_hash: Option<String>,
    /// Who uploaded it.
    pub uploaded_by: UserName,
    /// When the upload was complete.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// Where it stands on its way to the player.
    pub state: VersionStateCode,
    /// Why it failed and what to do.
    pub reason: Option<String>,
    /// Where it stands in its review.
    #[schema(value_type = String)]
    pub review: ReviewState,
    /// Whether it is the newest of its reviewable that is neither failed nor deleted.
    pub current: bool,
    /// The number of an earlier version of the reviewable with the very same bytes.
    pub same_bytes_as: Option<u32>,
    /// What was measured about the file.
    #[schema(value_type = Option<Object>)]
    pub footage: Option<Footage>,
    /// What there is to look at and listen to.
    pub media: Option<Media>,
    /// Comments, replies not counted.
    pub comment_count: u32,
    /// Those still open.
    pub open_comment_count: u32,
    /// The job that makes its proxies, while it is of interest.
    pub job: Option<Job>,
}

/// Files made from a version; each is fetched by its name.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Media {
    /// Playable renditions of the same frames, largest first.
    pub proxies: Vec<Rendition>,
    /// A picture that stands for the version.
    pub poster: String,
    /// Small pictures for scrubbing.
    pub sprites: Sprites,
    /// Audio peaks, where there is sound.
    pub peaks: Option<String>,
}

/// A playable rendition.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Rendition {
    /// Its file name.
    pub name: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Its size.
    pub bytes: u64,
}

/// Sheets of small pictures.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Sprites {
    /// Width of a picture in pixels.
    pub tile_width: u32,
    /// Height of a picture in pixels.
    pub tile_height: u32,
    /// Pictures side by side on a sheet.
    pub columns: u32,
    /// Pictures below each other on a sheet.
    pub rows: u32,
    /// The sheets' file names, in order.
    pub sheets: Vec<String>,
    /// The frame each picture shows, in order over all sheets.
    pub frames: Vec<u32>,
}

/// When each frame is shown: ticks of `time_base` seconds; runs of `[delta, count]`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FrameTable {
    /// `{num, den}`: a tick lasts num/den seconds.
    #[schema(value_type = Object)]
    pub time_base: picturelock_domain::frame::TimeBase,
    /// `[ticks each frame lasts, frames]`.
    pub runs: Vec<(u32, u32)>,
}

/// What the comments of a version can be exported as.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Exports {
    /// The formats.
    pub formats: Vec<ExportFormat>,
    /// The label of the first frame, where the file carries one.
    pub start_timecode: Option<String>,
    /// Whether labels at this rate can drop.
    pub can_drop: bool,
}

/// A format comments can be exported as.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExportFormat {
    /// The word in the address.
    pub format: String,
    /// For people.
    pub name: String,
    /// Of the file.
    pub extension: String,
    /// What the format cannot hold, in sentences.
    pub losses: Vec<String>,
    /// Whether it places markers by absolute timecode.
    pub needs_start: bool,
}
