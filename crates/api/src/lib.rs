//! The shapes that cross the wire: JSON bodies of requests and answers, as the API document shows them.
//!
//! Ids are UUID text, times RFC 3339 UTC, hashes BLAKE3 as 64 hexadecimal digits. Knows nothing of HTTP or SQL.

mod comments;
mod decisions;
mod events;
mod jobs;
mod people;
mod projects;
mod shares;
mod system;
mod uploads;
mod versions;

pub use comments::{Author, AuthorKind, Comment, EditComment, NewComment, NewReply, Reply};
pub use decisions::{Decision, Identity, NewDecision, Watched, WatchedRanges};
pub use events::Event;
pub use jobs::{Job, JobState};
pub use people::{
    AcceptInvitation, ChangePassword, Device, EditPerson, Invitation, InvitationOffer, InvitationToken, Me, Member,
    NewInvitation, NewInvitationLink, Person, SetUp, SetUpState, SignIn, Studio, User, UserName,
};
pub use projects::{EditProject, EditReviewable, LatestVersion, NewProject, NewReviewable, Project, Reviewable};
pub use shares::{
    EditShare, Explain, Explanation, GuestCounts, GuestMe, GuestPage, GuestProject, GuestReviewable, GuestShare,
    GuestVersion, Introduce, NewShare, OpenShare, Share, ShareLink, Visitor,
};
pub use system::{Health, Problem, System};
pub use uploads::Upload;
pub use versions::{ExportFormat, Exports, FrameTable, Media, Rendition, Sprites, Version, VersionStateCode};
