//! Comments and replies: written, read, changed, dealt with.

mod change;
mod thread;

use std::collections::HashMap;

use bytes::Bytes;
use picturelock_api::{Comment, NewComment, NewReply};
use picturelock_db::comments::{self, Author};
use picturelock_db::events::{self, NewEvent};
use picturelock_db::{DbError, Tx};
use picturelock_domain::Refusal;
use picturelock_domain::id::{CommentId, VersionId};
use picturelock_domain::review::{Audience, CommentKind, CommentStatus, Reader, VersionStanding, Writer};
use picturelock_domain::text::Note;
use uuid::Uuid;

use crate::jobs::{self, Work};
use crate::{App, AppError, Context, files};

pub use change::{delete, edit, reopen, resolve, restore};
pub use thread::Thread;
pub(crate) use thread::{labels_of, table_of, threads};

/// The most bytes a still may have.
const STILL_BYTES: u64 = 64 << 20;

/// The comments of a version that the person sees, by frame, then time.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(app: &App, cx: &Context) -> Result<Vec<Comment>, AppError> {
    let (version, reader, me) = (cx.version()?, cx.reader()?, Writer::of(cx.principal()).ok());
    let mut tx = app.db.read().await?;
    let found = comments::of_version(&mut tx, version, reader).await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let mut replies: HashMap<CommentId, Vec<_>> = HashMap::new();
    for reply in comments::replies_of_version(&mut tx, version, reader).await? {
        if let Some(parent) = reply.parent {
            replies.entry(parent).or_default().push(thread::reply_view(&reply, me));
        }
    }
    let footage = comments::ground(&mut tx, version).await?.and_then(|ground| ground.footage);
    let labels = labels_of(&mut tx, version, footage.as_ref()).await?;
    drop(tx);
    let view = |comment: comments::Comment| {
        let replies = replies.remove(&comment.id).unwrap_or_default();
        thread::comment_view(&comment, labels.ends(comment.frames), replies, me)
    };
    Ok(found.into_iter().map(view).collect())
}

/// Writes a comment. Sent twice under one key, it is one comment.
///
/// # Errors
/// *Invalid* for empty words or a frame outside the version; *conflict* where the version takes no words.
pub async fn create(app: &App, cx: &Context, form: &NewComment) -> Result<Comment, AppError> {
    let (project, version, reader) = (cx.project()?, cx.version()?, cx.reader()?);
    let new = comments::Comment {
        id: CommentId::from_uuid(cx.new_id()),
        project,
        version,
        parent: None,
        author: author(cx)?,
        frames: form.anchor.frames(),
        text: Note::new(&form.text)?.as_str().to_owned(),
        kind: form.kind,
        audience: audience(reader, form.audience)?,
        status: CommentStatus::Open,
        resolved: None,
        drawing: form.drawing.clone(),
        still_key: None,
        client_key: form.client_key,
        created_at: cx.now(),
        edited_at: None,
        deleted: None,
    };
    let mut tx = app.db.write().await?;
    events::lock(&mut tx, project).await?;
    let ground = match open_ground(&mut tx, version, reader, new.author.writer).await {
        Ok(ground) => ground,
        Err(refusal) => return known(&mut tx, cx, &new, reader).await?.ok_or(refusal),
    };
    let footage = ground.footage.as_ref().ok_or_else(|| DbError::Damaged("footage".to_owned()))?;
    form.anchor.check(footage.frame_count)?;
    if !comments::insert(&mut tx, &new).await? {
        let known = known(&mut tx, cx, &new, reader).await?;
        return known.ok_or_else(|| key_taken().into());
    }
    let labels = labels_of(&mut tx, version, Some(footage)).await?.ends(new.frames);
    announce(&mut tx, cx, "comment_created", &new).await?;
    ask_for_still(&mut tx, cx, &new, &format!("Note at {}", labels.0)).await?;
    tx.commit().await?;
    app.bell.ring(project);
    Ok(thread::comment_view(&new, labels, Vec::new(), Some(new.author.writer)))
}

/// Answers a comment; gives the whole thread. Sent twice under one key, it is one reply.
///
/// # Errors
/// *Invalid* for empty words; *not found* for a deleted comment; *conflict* where the version takes no words.
pub async fn reply(app: &App, cx: &Context, form: &NewReply) -> Result<Comment, AppError> {
    let (project, reader) = (cx.project()?, cx.reader()?);
    let text = Note::new(&form.text)?.as_str().to_owned();
    let wanted = audience(reader, form.audience)?;
    let mut tx = app.db.write().await?;
    events::lock(&mut tx, project).await?;
    let parent = change::present(&mut tx, cx).await?;
    if parent.parent.is_some() {
        return Err(Refusal::invalid("reply", "Answer the note itself; answers to answers are not kept.").into());
    }
    let new = comments::Comment {
        id: CommentId::from_uuid(cx.new_id()),
        parent: Some(parent.id),
        author: author(cx)?,
        text,
        kind: CommentKind::Change,
        audience: parent.audience.reply(wanted),
        status: CommentStatus::Open,
        resolved: None,
        drawing: None,
        still_key: None,
        client_key: form.client_key,
        created_at: cx.now(),
        edited_at: None,
        ..parent
    };
    match comments::by_key(&mut tx, new.version, new.author.writer, new.client_key).await? {
        None => {
            open_ground(&mut tx, new.version, reader, new.author.writer).await?;
            comments::insert(&mut tx, &new).await?;
            announce(&mut tx, cx, "comment_changed", &new).await?;
        }
        Some(sent) if sent.parent == new.parent => {}
        Some(_) => return Err(key_taken().into()),
    }
    let view = view(&mut tx, cx, parent.id).await?;
    tx.commit().await?;
    app.bell.ring(project);
    Ok(view)
}

/// The picture of the comment's first frame, as JPEG.
///
/// # Errors
/// *Not found* while it is not made, or when the comment is deleted.
pub async fn still(app: &App, cx: &Context) -> Result<Bytes, AppError> {
    let mut tx = app.db.read().await?;
    let comment = change::present(&mut tx, cx).await?;
    drop(tx);
    if comment.still_key.is_none() {
        return Err(Refusal::not_found("picture").into());
    }
    Ok(app.store.read_bytes(&files::still(comment.id)?, STILL_BYTES).await?)
}

/// Has a picture of the comment's first frame made.
async fn ask_for_still(tx: &mut Tx, cx: &Context, comment: &comments::Comment, subject: &str) -> Result<(), AppError> {
    let work = Work::MakeStill { comment: comment.id, version: comment.version };
    jobs::enqueue(tx, comment.project, subject, &work, cx.now()).await?;
    Ok(())
}

/// Refuses who may not write on the version now.
async fn check_writable(tx: &mut Tx, cx: &Context, version: VersionId) -> Result<(), AppError> {
    let ground = comments::ground(tx, version).await?.ok_or_else(|| Refusal::not_found("version"))?;
    Ok(ground.standing.check_writable(cx.reader()?)?)
}

/// What the version is, if this person may write one note more on it now.
async fn open_ground(
    tx: &mut Tx,
    version: VersionId,
    reader: Reader,
    writer: Writer,
) -> Result<comments::Ground, AppError> {
    let ground = comments::ground(tx, version).await?.ok_or_else(|| Refusal::not_found("version"))?;
    ground.standing.check_writable(reader)?;
    match reader {
        Reader::Team => {}
        Reader::Guest { .. } => VersionStanding::check_quota(comments::written_by(tx, version, writer).await?)?,
    }
    Ok(ground)
}

/// The comment that the writer's browser sent before under the key of `new`.
async fn known(
    tx: &mut Tx,
    cx: &Context,
    new: &comments::Comment,
    reader: Reader,
) -> Result<Option<Comment>, AppError> {
    let sent = comments::by_key(tx, new.version, new.author.writer, new.client_key).await?;
    let Some(sent) = sent.filter(|sent| sent.parent.is_none()) else { return Ok(None) };
    let threads = threads(tx, &[sent.id]).await?;
    let me = Writer::of(cx.principal()).ok();
    if let Some(view) = threads.get(&sent.id).and_then(|thread| thread.seen_by(reader, me)) {
        return Ok(Some(view));
    }
    // Deleted since: the answer is what was written.
    let footage = comments::ground(tx, sent.version).await?.and_then(|ground| ground.footage);
    let labels = labels_of(tx, sent.version, footage.as_ref()).await?.ends(sent.frames);
    Ok(Some(thread::comment_view(&sent, labels, Vec::new(), me)))
}

fn key_taken() -> Refusal {
    Refusal::conflict("client_key", "This key was used for another note. Send the note again under a new one.")
}

/// The thread `id` as the person sees it.
async fn view(tx: &mut Tx, cx: &Context, id: CommentId) -> Result<Comment, AppError> {
    let threads = threads(tx, &[id]).await?;
    let view = threads.get(&id).and_then(|thread| thread.seen_by(cx.reader().ok()?, Writer::of(cx.principal()).ok()));
    Ok(view.ok_or_else(|| Refusal::not_found("note"))?)
}

/// Tells that `changed`, a comment or a reply, is new or different. The event names the thread; what of it a
/// reader may see is read when the event is sent.
async fn announce(tx: &mut Tx, cx: &Context, kind: &'static str, changed: &comments::Comment) -> Result<(), AppError> {
    let root: Uuid = changed.parent.unwrap_or(changed.id).uuid();
    let payload = serde_json::json!({"comment_id": root, "author": changed.author.writer});
    let event = NewEvent { kind, version: Some(changed.version), audience: changed.audience, payload };
    events::append(tx, changed.project, &event, cx.now()).await?;
    Ok(())
}

fn author(cx: &Context) -> Result<Author, Refusal> {
    Ok(Author { writer: Writer::of(cx.principal())?, name: cx.name().to_owned() })
}

/// Guests write for everyone; who asked for less is told, not published.
fn audience(reader: Reader, wanted: Audience) -> Result<Audience, Refusal> {
    match (reader, wanted) {
        (Reader::Guest { .. }, Audience::Team) => Err(Refusal::invalid(
            "audience",
            "Notes written through a share link are seen by the whole team and its guests; team-only notes need an account.",
        )),
        (Reader::Guest { .. } | Reader::Team, _) => Ok(wanted),
    }
}
