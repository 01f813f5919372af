//! A comment with its replies, and what of it a reader sees.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use picturelock_api::{Author, AuthorKind, Comment, Reply};
use picturelock_db::comments::{self, Placed};
use picturelock_db::{DbError, Tx, versions};
use picturelock_domain::frame::{FrameTable, RateClass};
use picturelock_domain::id::{CommentId, ReviewableId, VersionId};
use picturelock_domain::review::{Anchor, Reader, Writer};
use picturelock_domain::version::{Footage, Labels};

use crate::AppError;

/// A comment with all its replies, whoever may read them.
#[derive(Clone, Debug)]
pub struct Thread {
    comment: comments::Comment,
    replies: Vec<comments::Comment>,
    reviewable: ReviewableId,
    timecode: String,
    timecode_out: Option<String>,
}

impl Thread {
    /// The comment's id.
    pub fn id(&self) -> CommentId {
        self.comment.id
    }

    /// Who wrote the comment.
    pub fn writer(&self) -> Writer {
        self.comment.author.writer
    }

    /// The reviewable of its version.
    pub fn reviewable(&self) -> ReviewableId {
        self.reviewable
    }

    /// What `reader` sees of it; `me` wrote what is marked as theirs.
    pub fn seen_by(&self, reader: Reader, me: Option<Writer>) -> Option<Comment> {
        if !reader.sees(self.comment.audience, self.comment.author.writer) {
            return None;
        }
        let labels = (self.timecode.clone(), self.timecode_out.clone());
        let replies = self.replies.iter().filter(|reply| reader.sees(reply.audience, reply.author.writer));
        Some(comment_view(&self.comment, labels, replies.map(|reply| reply_view(reply, me)).collect(), me))
    }
}

/// The comments named by `ids`, without the deleted ones.
pub(crate) async fn threads(tx: &mut Tx, ids: &[CommentId]) -> Result<HashMap<CommentId, Thread>, AppError> {
    let (mut found, mut replies): (HashMap<_, Thread>, HashMap<_, Vec<_>>) = (HashMap::new(), HashMap::new());
    let mut labels: HashMap<VersionId, Labels> = HashMap::new();
    for Placed { comment, reviewable, footage } in comments::threads(tx, ids).await? {
        if let Some(parent) = comment.parent {
            replies.entry(parent).or_default().push(comment);
            continue;
        }
        let version = comment.version;
        let labels = match labels.entry(version) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(labels_of(tx, version, footage.as_ref()).await?),
        };
        let (timecode, timecode_out) = labels.ends(comment.frames);
        let thread = Thread { comment, replies: Vec::new(), reviewable, timecode, timecode_out };
        found.insert(thread.id(), thread);
    }
    for (parent, replies) in replies {
        if let Some(thread) = found.get_mut(&parent) {
            thread.replies = replies;
        }
    }
    Ok(found)
}

/// How the frames of the version are labelled.
pub(crate) async fn labels_of(tx: &mut Tx, version: VersionId, footage: Option<&Footage>) -> Result<Labels, AppError> {
    let footage = footage.ok_or_else(|| DbError::Damaged("the footage of a version with notes".to_owned()))?;
    let table = table_of(tx, version, footage).await?;
    Ok(Labels::new(footage, table))
}

/// When each frame is shown, where that decides labels.
pub(crate) async fn table_of(
    tx: &mut Tx,
    version: VersionId,
    footage: &Footage,
) -> Result<Option<FrameTable>, AppError> {
    Ok(match footage.rate_class {
        RateClass::Constant => None,
        RateClass::Variable => versions::frame_table(tx, version).await?,
    })
}

/// A comment as the wire shows it.
pub(crate) fn comment_view(
    comment: &comments::Comment,
    (timecode, timecode_out): (String, Option<String>),
    replies: Vec<Reply>,
    me: Option<Writer>,
) -> Comment {
    let (resolved_by, resolved_at) = comment.resolved.as_ref().map(|(by, at)| (author_view(by), *at)).unzip();
    Comment {
        id: comment.id.uuid(),
        version_id: comment.version.uuid(),
        project_id: comment.project.uuid(),
        author: author_view(&comment.author),
        anchor: Anchor::Frames(comment.frames),
        timecode,
        timecode_out,
        text: comment.text.clone(),
        kind: comment.kind,
        audience: comment.audience,
        status: comment.status,
        resolved_by,
        resolved_at,
        drawing: comment.drawing.clone(),
        has_still: comment.still_key.is_some(),
        created_at: comment.created_at,
        edited_at: comment.edited_at,
        mine: me == Some(comment.author.writer),
        replies,
    }
}

/// A reply as the wire shows it.
pub(crate) fn reply_view(reply: &comments::Comment, me: Option<Writer>) -> Reply {
    Reply {
        id: reply.id.uuid(),
        author: author_view(&reply.author),
        text: reply.text.clone(),
        audience: reply.audience,
        created_at: reply.created_at,
        edited_at: reply.edited_at,
        mine: me == Some(reply.author.writer),
    }
}

fn author_view(author: &comments::Author) -> Author {
    let (kind, id) = match author.writer {
        Writer::Account(user) => (AuthorKind::Account, user.uuid()),
        Writer::Guest(guest) => (AuthorKind::Guest, guest.uuid()),
    };
    Author { kind, id, name: author.name.clone() }
}
