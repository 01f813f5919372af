//! Changing what is written: words, status, deletion.

use picturelock_api::{Comment, EditComment};
use picturelock_db::comments::{self, Author};
use picturelock_db::{Tx, events};
use picturelock_domain::Refusal;
use picturelock_domain::id::CommentId;
use picturelock_domain::review::{CommentKind, Writer};
use picturelock_domain::text::Note;

use super::{announce, author, view};
use crate::{App, AppError, Context};

/// What happens to a comment as a whole.
enum Step {
    Resolve(Author),
    Reopen,
}

/// Changes words or kind of a comment or reply; gives the whole thread.
///
/// # Errors
/// *Forbidden* for what others wrote; *invalid* for empty words; *conflict* where the version takes no words.
pub async fn edit(app: &App, cx: &Context, form: &EditComment) -> Result<Comment, AppError> {
    let text = form.text.as_deref().map(Note::new).transpose()?;
    let mut tx = app.db.write().await?;
    events::lock(&mut tx, cx.project()?).await?;
    let found = present(&mut tx, cx).await?;
    found.author.writer.check_change(cx.principal())?;
    super::check_writable(&mut tx, cx, found.version).await?;
    let text = text.map_or_else(|| found.text.clone(), |text| text.as_str().to_owned());
    let kind = kind(&found, form.kind)?;
    if text != found.text || kind != found.kind {
        comments::set_words(&mut tx, found.id, &text, kind, cx.now()).await?;
        announce(&mut tx, cx, "comment_changed", &found).await?;
    }
    finish(app, cx, tx, root(&found)).await
}

/// Deletes a comment with its replies, or a reply; it can be brought back.
///
/// # Errors
/// *Forbidden* for what others wrote.
pub async fn delete(app: &App, cx: &Context) -> Result<(), AppError> {
    let project = cx.project()?;
    let mut tx = app.db.write().await?;
    events::lock(&mut tx, project).await?;
    let found = present(&mut tx, cx).await?;
    found.author.writer.check_change(cx.principal())?;
    comments::delete(&mut tx, found.id, Writer::of(cx.principal())?, cx.now()).await?;
    let kind = if found.parent.is_none() { "comment_deleted" } else { "comment_changed" };
    announce(&mut tx, cx, kind, &found).await?;
    tx.commit().await?;
    app.bell.ring(project);
    Ok(())
}

/// Brings a deleted comment or reply back; gives the whole thread.
///
/// # Errors
/// *Forbidden* when somebody else deleted it; *conflict* where the version takes no words.
pub async fn restore(app: &App, cx: &Context) -> Result<Comment, AppError> {
    let mut tx = app.db.write().await?;
    events::lock(&mut tx, cx.project()?).await?;
    let found = visible(&mut tx, cx).await?;
    found.author.writer.check_change(cx.principal())?;
    if let Some((deleted_by, _)) = found.deleted {
        found.author.writer.check_restore(deleted_by, cx.principal())?;
        super::check_writable(&mut tx, cx, found.version).await?;
        comments::restore(&mut tx, found.id).await?;
        if found.parent.is_none() && found.still_key.is_none() {
            // The picture is not made for a comment that is deleted by then.
            super::ask_for_still(&mut tx, cx, &found, "Note brought back").await?;
        }
        announce(&mut tx, cx, "comment_changed", &found).await?;
    }
    finish(app, cx, tx, root(&found)).await
}

/// Marks a comment as dealt with; gives the whole thread.
///
/// # Errors
/// *Not found* for a reply or a deleted comment.
pub async fn resolve(app: &App, cx: &Context) -> Result<Comment, AppError> {
    let by = author(cx)?;
    step(app, cx, Step::Resolve(by)).await
}

/// Marks a comment as still to be dealt with; gives the whole thread.
///
/// # Errors
/// *Not found* for a reply or a deleted comment.
pub async fn reopen(app: &App, cx: &Context) -> Result<Comment, AppError> {
    step(app, cx, Step::Reopen).await
}

/// The comment or reply the address names, unless it or its comment is deleted.
pub(super) async fn present(tx: &mut Tx, cx: &Context) -> Result<comments::Comment, AppError> {
    let found = visible(tx, cx).await?;
    if found.deleted.is_some() {
        return Err(Refusal::not_found("note").into());
    }
    Ok(found)
}

/// The comment or reply the address names, itself deleted or not, if the person sees it and the comment it answers.
async fn visible(tx: &mut Tx, cx: &Context) -> Result<comments::Comment, AppError> {
    let reader = cx.reader()?;
    let gone = || Refusal::not_found("note");
    let found = comments::by_id(tx, cx.comment()?).await?.ok_or_else(gone)?;
    let mut seen = reader.sees(found.audience, found.author.writer);
    if let Some(parent) = found.parent {
        let parent = comments::by_id(tx, parent).await?.ok_or_else(gone)?;
        seen &= parent.deleted.is_none() && reader.sees(parent.audience, parent.author.writer);
    }
    if seen { Ok(found) } else { Err(gone().into()) }
}

async fn step(app: &App, cx: &Context, step: Step) -> Result<Comment, AppError> {
    let mut tx = app.db.write().await?;
    events::lock(&mut tx, cx.project()?).await?;
    let found = present(&mut tx, cx).await?;
    if found.parent.is_some() {
        return Err(Refusal::not_found("note").into());
    }
    let changed = match step {
        Step::Resolve(by) => comments::resolve(&mut tx, found.id, &by, cx.now()).await?,
        Step::Reopen => comments::reopen(&mut tx, found.id).await?,
    };
    if changed {
        announce(&mut tx, cx, "comment_changed", &found).await?;
    }
    finish(app, cx, tx, found.id).await
}

/// Commits, rings, and shows the thread as it stands then.
async fn finish(app: &App, cx: &Context, mut tx: Tx, thread: CommentId) -> Result<Comment, AppError> {
    let view = view(&mut tx, cx, thread).await?;
    tx.commit().await?;
    app.bell.ring(cx.project()?);
    Ok(view)
}

fn root(comment: &comments::Comment) -> CommentId {
    comment.parent.unwrap_or(comment.id)
}

fn kind(found: &comments::Comment, wanted: Option<CommentKind>) -> Result<CommentKind, Refusal> {
    match (found.parent, wanted) {
        (Some(_), Some(_)) => Err(Refusal::invalid("kind", "A reply has no kind of its own.")),
        (_, wanted) => Ok(wanted.unwrap_or(found.kind)),
    }
}
