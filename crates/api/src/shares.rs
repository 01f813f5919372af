//! Share links and what guests see.

use jiff::Timestamp;
use picturelock_domain::review::Brief;
use picturelock_domain::share::{Rights, ShareTarget};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Studio, UserName, Version};

/// A share link, without its secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Share {
    /// Its id, the public half of the link.
    pub id: Uuid,
    /// Its project.
    pub project_id: Uuid,
    /// What it shows.
    pub reviewable_id: Uuid,
    /// For whom it was made, in the team's words.
    pub label: String,
    /// The newest version or one for ever: `{type}` or `{type, version}`.
    #[schema(value_type = Object)]
    pub target: ShareTarget,
    /// `{comment, decide, download}`.
    #[schema(value_type = Object)]
    pub rights: Rights,
    /// Whether a passphrase is asked for.
    pub has_passphrase: bool,
    /// Whether guests see comments of other guests.
    pub guests_see_each_other: bool,
    /// When it ends by itself.
    #[schema(value_type = Option<String>)]
    pub expires_at: Option<Timestamp>,
    /// When somebody ended it.
    #[schema(value_type = Option<String>)]
    pub revoked_at: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = String)]
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: UserName,
    /// Who opened it.
    pub visitors: Vec<Visitor>,
}

/// A person who opened a link.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Visitor {
    /// The guest.
    pub guest_id: Uuid,
    /// As they gave it.
    pub name: Option<String>,
    /// As they gave it.
    pub email: Option<String>,
    /// How often they opened the link.
    pub opens: u32,
    /// From how many browsers.
    pub devices: u32,
    /// When last.
    #[schema(value_type = String)]
    pub last_opened_at: Timestamp,
    /// Of the newest version they watched, 0 to 100.
    pub watched_percent: u32,
}

/// A share link to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewShare {
    /// What it shows.
    pub reviewable_id: Uuid,
    /// For whom it is made.
    pub label: String,
    /// The newest version or one for ever.
    #[schema(value_type = Object)]
    pub target: ShareTarget,
    /// What guests may do.
    #[schema(value_type = Object)]
    pub rights: Rights,
    /// Asked for before anything shows.
    #[serde(default)]
    pub passphrase: Option<String>,
    /// When it ends by itself.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// Whether guests see comments of other guests.
    pub guests_see_each_other: bool,
}

/// What can change of a share link; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct EditShare {
    /// Another label.
    pub label: Option<String>,
    /// Other rights.
    #[schema(value_type = Option<Object>)]
    pub rights: Option<Rights>,
    /// Another target.
    #[schema(value_type = Option<Object>)]
    pub target: Option<ShareTarget>,
    /// Another end; null for none.
    #[schema(value_type = Option<String>)]
    #[serde(default, deserialize_with = "given")]
    pub expires_at: Option<Option<Timestamp>>,
    /// Another passphrase; the empty text takes it away.
    pub passphrase: Option<String>,
    /// Whether guests see comments of other guests.
    pub guests_see_each_other: Option<bool>,
}

/// Tells null, which was given, from what is absent.
fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Timestamp>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A share link with its secret, shown once.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ShareLink {
    /// The share.
    pub share: Share,
    /// The link to send.
    pub link: String,
}

/// What somebody says does not work.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Explain {
    /// The link as they have it.
    #[serde(default)]
    pub link: Option<String>,
    /// Their address.
    #[serde(default)]
    pub email: Option<String>,
}

/// Why a link does or does not open.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Explanation {
    /// Whether it opens now.
    pub works: bool,
    /// The reason as a stable word.
    pub code: &'static str,
    /// The exact reason, for the team.
    pub reason: String,
}

/// The secret half of a link.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct OpenShare {
    /// The part of the link after `#`.
    pub secret: String,
    /// Where the link asks for one.
    #[serde(default)]
    pub passphrase: Option<String>,
}

/// Who the guest is.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Introduce {
    /// Shown beside their comments.
    pub name: String,
    /// Only to answer them.
    pub email: String,
}

/// Everything a guest's first page shows.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GuestPage {
    /// Who asks.
    pub studio: Studio,
    /// In which project.
    pub project: GuestProject,
    /// What is shown.
    pub reviewable: GuestReviewable,
    /// The version to look at; absent while there is none.
    pub version: Option<Version>,
    /// The versions this link shows, newest first.
    pub versions: Vec<GuestVersion>,
    /// What the guest may do.
    #[schema(value_type = Object)]
    pub rights: Rights,
    /// The link.
    pub share: GuestShare,
    /// Who the guest is, once they said so.
    pub me: Option<GuestMe>,
    /// What is there already.
    pub counts: GuestCounts,
}

/// A project as a guest sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GuestProject {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// For whom.
    pub client: String,
}

/// A reviewable as a guest sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GuestReviewable {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What to look at, what to ignore, by when, who decides.
    #[schema(value_type = Object)]
    pub brief: Brief,
}

/// A version a guest can switch to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GuestVersion {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: u32,
    /// Whether it is the newest.
    pub current: bool,
}

/// A link as its guest sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GuestShare {
    /// Its id.
    pub id: Uuid,
    /// When it ends.
    #[schema(value_type = Option<String>)]
    pub expires_at: Option<Timestamp>,
}

/// A guest who has said who they are.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GuestMe {
    /// The guest.
    pub id: Uuid,
    /// As they gave it.
    pub name: String,
    /// As they gave it.
    pub email: String,
}

/// What is there already.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GuestCounts {
    /// Comments the guest can see on the version.
    pub comments: u32,
}
