//! Decisions on versions: recorded once, never changed.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use picturelock_api::{Author, AuthorKind, Decision, Identity, NewDecision};
use picturelock_db::decisions::{self, Decider, Sight};
use picturelock_db::events::{self, NewEvent};
use picturelock_db::{Tx, projects, reviewables, versions, watched};
use picturelock_domain::Refusal;
use picturelock_domain::id::{CommentId, ContentHash, DecisionId, VersionId};
use picturelock_domain::people::{Principal, guest_name};
use picturelock_domain::review::{
    Audience, Ballot, CommentStatus, ReviewState, Subject, decide, statement, watched_percent,
};
use picturelock_domain::text::{Name, Note};

use crate::{App, AppError, Context};

/// The most comments a decision lists.
const MOST_LISTED: usize = 500;

/// The decisions on the version, newest first. A guest sees the team's, their own, and those of other guests where
/// the link says so.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(app: &App, cx: &Context) -> Result<Vec<Decision>, AppError> {
    let mut tx = app.db.read().await?;
    let version = stored(&mut tx, cx.version()?).await?;
    let decisions = decisions::of_version(&mut tx, version.id).await?;
    let last = decisions.last().map(|decision| decision.id);
    let seen = match sight(cx) {
        Some(_) => Some(decisions::comments(&mut tx, version.id, sight(cx)).await?.into_keys().collect()),
        None => None,
    };
    let views = decisions.into_iter().rev().filter(|decision| sees(cx, decision));
    Ok(views.map(|decision| view(cx, &version, last == Some(decision.id), decision, seen.as_ref())).collect())
}

/// Records a decision. The same key again gives the same decision.
///
/// # Errors
/// *Conflict* `newer_version` when the file displayed is not the newest version's; *invalid* without a typed name, or
/// when a listed note is not an open one the person sees.
pub async fn record(app: &App, cx: &Context, form: &NewDecision) -> Result<Decision, AppError> {
    let (project, id, author) = (cx.project()?, cx.version()?, cx.author()?);
    let signed = signature(cx, form)?;
    let note = form.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    let note = note.map(Note::new).transpose()?.map(|note| note.as_str().to_owned());
    let seen: ContentHash =
        form.content_hash.parse().map_err(|_| Refusal::invalid("content_hash", "That is no hash of a file."))?;
    let mut tx = app.db.write().await?;
    // From here on nobody else decides, publishes or deletes in this project.
    events::lock(&mut tx, project).await?;
    let version = stored(&mut tx, id).await?;
    if let Some(before) = decisions::by_key(&mut tx, id, author.id, form.client_key).await? {
        let last = decisions::of_version(&mut tx, id).await?.last().map(|decision| decision.id);
        return Ok(view(cx, &version, last == Some(before.id), before, None));
    }
    let listed = listed(&mut tx, cx, id, form).await?;
    let newest = newest(&versions::of_reviewable(&mut tx, version.reviewable).await?) == Some(id);
    let ballot = Ballot { outcome: form.outcome, seen, listed_comments: listed.len() };
    let review = decide(&version.state, version.content_hash, newest, &ballot)?;
    let words = words(&mut tx, &version, &signed, seen).await?;
    let decision = decisions::Decision {
        id: DecisionId::from_uuid(cx.new_id()),
        project,
        version: id,
        outcome: form.outcome,
        by: match author.kind {
            AuthorKind::Account => Decider::Account(author.id),
            AuthorKind::Guest => Decider::Guest(author.id),
        },
        name: author.name,
        email: cx.email().map(str::to_owned),
        statement: words,
        note,
        listed_comments: listed,
        content_hash: seen,
        watched_frames: watched::count(&mut tx, id, author.id).await?,
        decided_at: after(decisions::last_at(&mut tx, id).await?, cx.now()),
    };
    decisions::insert(&mut tx, &decision, form.client_key).await?;
    versions::set_review(&mut tx, id, review).await?;
    announce(&mut tx, &decision, review, cx.now()).await?;
    tx.commit().await?;
    app.bell.ring(project);
    Ok(view(cx, &version, true, decision, None))
}

/// The version that can be decided on, of a stack that comes newest first: what failed or was deleted is passed over,
/// what is still being prepared is not, because somebody meant it to replace the one before.
pub(crate) fn newest(stack: &[versions::Version]) -> Option<VersionId> {
    stack.iter().find(|version| version.state.stands()).map(|version| version.id)
}

/// The full name typed under the statement.
fn signature(cx: &Context, form: &NewDecision) -> Result<Name, Refusal> {
    let typed = match cx.principal() {
        Principal::Guest { .. } => guest_name(&form.statement),
        Principal::Account { .. } | Principal::Anonymous | Principal::Operator => Name::new(&form.statement),
    };
    typed.map_err(|_| Refusal::invalid("statement", "Type your full name under the statement."))
}

async fn words(tx: &mut Tx, version: &versions::Version, signed: &Name, file: ContentHash) -> Result<String, AppError> {
    let project = projects::by_id(tx, version.project).await?.ok_or_else(|| Refusal::not_found("project"))?;
    let reviewable = reviewables::by_id(tx, version.reviewable).await?;
    let stage = reviewable.ok_or_else(|| Refusal::not_found("reviewable"))?.brief.stage;
    Ok(statement(signed, Subject { client: &project.client, stage, number: version.number, file }))
}

/// The comments named, each once, all open and seen by the person.
async fn listed(tx: &mut Tx, cx: &Context, version: VersionId, form: &NewDecision) -> Result<Vec<CommentId>, AppError> {
    let listed: BTreeSet<CommentId> = form.listed_comments.iter().map(|id| CommentId::from_uuid(*id)).collect();
    if listed.len() > MOST_LISTED {
        let words = format!("A decision lists at most {MOST_LISTED} notes. Request revisions instead.");
        return Err(Refusal::invalid("too_many_listed", words).into());
    }
    if listed.is_empty() {
        return Ok(Vec::new());
    }
    let seen = decisions::comments(tx, version, sight(cx)).await?;
    if listed.iter().any(|id| seen.get(id) != Some(&CommentStatus::Open)) {
        let words = "A listed note is not an open note of this version. Reload the page and pick again.";
        return Err(Refusal::invalid("listed_comments", words).into());
    }
    Ok(listed.into_iter().collect())
}

/// A time after `last`: requests reach the record in another order than they began, and the record's order counts.
fn after(last: Option<Timestamp>, now: Timestamp) -> Timestamp {
    last.map_or(now, |last| now.max(last.saturating_add(SignedDuration::from_micros(1)).unwrap_or(now)))
}

/// Says that there is a decision, to everybody who sees the version; who made it they ask for themselves.
async fn announce(
    tx: &mut Tx,
    decision: &decisions::Decision,
    review: ReviewState,
    now: Timestamp,
) -> Result<(), AppError> {
    let payload = serde_json::json!({ "decision_id": decision.id.uuid(), "review": review });
    let version = Some(decision.version);
    let event = NewEvent { kind: "decision_made", version, audience: Audience::Everyone, payload };
    events::append(tx, decision.project, &event, now).await?;
    Ok(())
}

fn sight(cx: &Context) -> Option<Sight> {
    match (cx.principal(), cx.guest()) {
        (Principal::Guest { guest, .. }, place) => {
            Some(Sight { guest: *guest, sees_others: place.is_some_and(|place| place.see_each_other) })
        }
        (Principal::Account { .. } | Principal::Anonymous | Principal::Operator, _) => None,
    }
}

fn sees(cx: &Context, decision: &decisions::Decision) -> bool {
    match (sight(cx), decision.by) {
        (None, _) | (Some(_), Decider::Account(_)) => true,
        (Some(sight), Decider::Guest(by)) => sight.sees_others || by == sight.guest.uuid(),
    }
}

/// A decision as the person sees it: addresses of others are the team's, and so are notes a guest does not see.
fn view(
    cx: &Context,
    version: &versions::Version,
    stands: bool,
    decision: decisions::Decision,
    comments: Option<&BTreeSet<CommentId>>,
) -> Decision {
    let (kind, id, identity) = match decision.by {
        Decider::Account(id) => (AuthorKind::Account, id, Identity::Account),
        Decider::Guest(id) => (AuthorKind::Guest, id, Identity::LinkOnly),
    };
    let own = cx.author().is_ok_and(|author| author.id == id);
    let frames = version.footage.as_ref().map_or(0, |footage| footage.frame_count);
    let listed = decision.listed_comments.iter().filter(|id| comments.is_none_or(|seen| seen.contains(id)));
    Decision {
        id: decision.id.uuid(),
        version_id: decision.version.uuid(),
        number: version.number,
        outcome: decision.outcome,
        by: Author { kind, id, name: decision.name },
        email: decision.email.filter(|_| own || cx.is_team()),
        identity,
        statement: decision.statement,
        note: decision.note,
        listed_comments: listed.map(|id| id.uuid()).collect(),
        content_hash: decision.content_hash.to_string(),
        watched_percent: watched_percent(decision.watched_frames, frames),
        decided_at: decision.decided_at,
        superseded: !stands,
    }
}

async fn stored(tx: &mut Tx, id: VersionId) -> Result<versions::Version, AppError> {
    Ok(versions::get(tx, id).await?.ok_or_else(|| Refusal::not_found("version"))?)
}
