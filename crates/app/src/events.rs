//! What happened in a project, as each person may hear of it.
//!
//! An event in the log names what changed; the comment itself is read when the event is sent, through the same
//! rule as a list of comments. So the log holds no words that some of its readers must not see.

use std::collections::{HashMap, HashSet};

use picturelock_api::Event;
use picturelock_db::{Tx, events, scope};
use picturelock_domain::id::{CommentId, GuestId, ProjectId, ReviewableId, VersionId};
use picturelock_domain::review::{Audience, Reader, Writer};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::comments::{Thread, threads};
use crate::{App, AppError, Context};

/// Kinds after which somebody may have lost access.
const ACCESS: [&str; 2] = ["share_changed", "project_changed"];

/// Kinds that guests hear of besides comments; they learn that it happened, and about which version.
const TOLD_TO_GUESTS: [&str; 5] =
    ["version_created", "version_changed", "version_deleted", "reviewable_changed", "decision_made"];

/// A change with all that is needed to tell any reader of it.
#[derive(Clone, Debug)]
pub struct Change {
    event: events::Event,
    comment: Option<Uuid>,
    by: Option<Writer>,
    thread: Option<Thread>,
    reviewable: Option<ReviewableId>,
}

/// Who hears of changes, as far as it decides what they hear: viewers that are equal hear the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// Somebody of the team.
    Team,
    /// A guest.
    Guest {
        /// As whom they read.
        reader: Reader,
        /// What their link shows.
        reviewable: ReviewableId,
        /// The one version their link shows; none for whichever is newest.
        version: Option<VersionId>,
    },
}

/// What the payload of a comment's event names.
#[derive(Default, Deserialize)]
struct Named {
    comment_id: Option<Uuid>,
    author: Option<Writer>,
    reviewable_id: Option<ReviewableId>,
}

impl Viewer {
    /// As whom the person hears.
    ///
    /// # Errors
    /// *Unauthenticated* when nobody is signed in.
    pub fn of(cx: &Context) -> Result<Self, AppError> {
        Ok(match (cx.reader()?, cx.guest()) {
            (Reader::Guest { guest, sees_others }, Some(place)) => {
                // Who sees all guests hears the same whoever they are.
                let guest = if sees_others { GuestId::from_uuid(Uuid::nil()) } else { guest };
                let reader = Reader::Guest { guest, sees_others };
                Self::Guest { reader, reviewable: place.reviewable, version: place.version }
            }
            (Reader::Team | Reader::Guest { .. }, _) => Self::Team,
        })
    }
}

/// Up to `limit` changes of the project after number `after`, in order and without gaps.
///
/// # Errors
/// When the database is out of reach.
pub async fn since(app: &App, project: ProjectId, after: i64, limit: u32) -> Result<Vec<Change>, AppError> {
    let mut tx = app.db.read().await?;
    let found = events::after(&mut tx, project, after, limit).await?;
    let named: Vec<Named> = found.iter().map(|event| Named::deserialize(&event.payload).unwrap_or_default()).collect();
    let ids: HashSet<CommentId> = named.iter().filter_map(|named| named.comment_id).map(CommentId::from_uuid).collect();
    let threads = match ids.is_empty() {
        true => HashMap::new(),
        false => threads(&mut tx, &ids.into_iter().collect::<Vec<_>>()).await?,
    };
    let mut changes = Vec::with_capacity(found.len());
    for (event, named) in found.into_iter().zip(named) {
        let thread = named.comment_id.and_then(|id| threads.get(&CommentId::from_uuid(id))).cloned();
        let reviewable = match (&thread, named.reviewable_id) {
            (Some(thread), _) => Some(thread.reviewable()),
            (None, Some(reviewable)) => Some(reviewable),
            (None, None) => reviewable_of(&mut tx, &event).await?,
        };
        changes.push(Change { event, comment: named.comment_id, by: named.author, thread, reviewable });
    }
    Ok(changes)
}

/// The number of the project's last event.
///
/// # Errors
/// When the database is out of reach.
pub async fn position(app: &App, project: ProjectId) -> Result<i64, AppError> {
    Ok(events::last(&mut app.db.read().await?, project).await?)
}

impl Change {
    /// Its place in the project's log.
    pub fn seq(&self) -> i64 {
        self.event.seq
    }

    /// Whether somebody may have lost access by it: ask again before telling anybody of it or of what follows.
    pub fn touches_access(&self) -> bool {
        ACCESS.contains(&self.event.kind.as_str())
    }

    /// What `viewer` hears of it, if anything.
    pub fn heard_by(&self, viewer: &Viewer) -> Option<Event> {
        match *viewer {
            Viewer::Team => self.told(Reader::Team, self.more()),
            Viewer::Guest { reader, reviewable, version } => {
                let concerns = self.event.audience == Audience::Everyone
                    && self.reviewable == Some(reviewable)
                    && version.is_none_or(|only| self.event.version.is_none_or(|about| about == only));
                if concerns { self.told(reader, Map::new()) } else { None }
            }
        }
    }

    fn told(&self, reader: Reader, more: Map<String, Value>) -> Option<Event> {
        let told = |kind: &str, comment| Event {
            kind: kind.to_owned(),
            seq: self.event.seq,
            version_id: self.event.version.map(VersionId::uuid),
            comment_id: self.comment,
            comment,
            more,
        };
        let kind = self.event.kind.as_str();
        match kind {
            "comment_created" | "comment_changed" | "comment_deleted" | "still_ready" => {
                if !self.concerns(reader) {
                    return None;
                }
                match (kind, &self.thread) {
                    ("comment_deleted", _) => Some(told(kind, None)),
                    (_, Some(thread)) => Some(told(kind, Some(thread.seen_by(reader, None)?))),
                    ("still_ready", None) => None,
                    // Deleted since; the reader hears it now rather than with the event that follows.
                    (_, None) => Some(told("comment_deleted", None)),
                }
            }
            _ if reader == Reader::Team || TOLD_TO_GUESTS.contains(&kind) => Some(told(kind, None)),
            _ => None,
        }
    }

    /// Whether the reader may know that something about the comment happened: by who wrote what changed, else by
    /// the comment itself.
    fn concerns(&self, reader: Reader) -> bool {
        match (self.by, &self.thread) {
            (Some(by), _) => reader.sees(self.event.audience, by),
            (None, Some(thread)) => reader.sees(self.event.audience, thread.writer()),
            (None, None) => reader == Reader::Team,
        }
    }

    /// The payload without what the event tells by itself.
    fn more(&self) -> Map<String, Value> {
        let mut more = self.event.payload.as_object().cloned().unwrap_or_default();
        for told in ["kind", "seq", "version_id", "comment_id", "comment", "author"] {
            more.remove(told);
        }
        more
    }
}

/// What an event that guests may hear of is about.
async fn reviewable_of(tx: &mut Tx, event: &events::Event) -> Result<Option<ReviewableId>, AppError> {
    match (event.audience, event.version) {
        (Audience::Everyone, Some(version)) => Ok(scope::version(tx, version).await?.map(|place| place.reviewable)),
        (Audience::Everyone, None) | (Audience::Team, _) => Ok(None),
    }
}
