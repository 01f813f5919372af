//! Share links: making, changing and ending them.

mod explain;
mod view;

use jiff::Timestamp;
use picturelock_api::{EditShare, NewShare, Share, ShareLink};
use picturelock_db::events::{self, NewEvent};
use picturelock_db::{Tx, accounts, attempts, scope, shares};
use picturelock_domain::Refusal;
use picturelock_domain::id::{ProjectId, ReviewableId, ShareId};
use picturelock_domain::review::Audience;
use picturelock_domain::share::{ShareLife, ShareTarget};
use picturelock_domain::text::Name;

use crate::guests::limits;
use crate::{App, AppError, Context, secrets};

pub use explain::explain;

/// The links of the project with who opened them, newest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(app: &App, cx: &Context) -> Result<Vec<Share>, AppError> {
    let mut tx = app.db.read().await?;
    let project = cx.project()?;
    let links = shares::of_project(&mut tx, project).await?;
    view::many(&mut tx, project, links).await
}

/// Makes a link. Its secret is in the answer and nowhere else.
///
/// # Errors
/// *Not found* when the reviewable or version is not of this project; *invalid* for a bad label, passphrase or end.
pub async fn create(app: &App, cx: &Context, form: &NewShare) -> Result<ShareLink, AppError> {
    let (project, user) = (cx.project()?, cx.user()?);
    let label = Name::new(&form.label)?;
    check_end(form.expires_at, cx.now())?;
    let passphrase = passphrase(app, form.passphrase.as_deref()).await?;
    let secret = secrets::random()?;
    let mut tx = app.db.write().await?;
    events::lock(&mut tx, project).await?;
    let reviewable = ReviewableId::from_uuid(form.reviewable_id);
    if scope::reviewable(&mut tx, reviewable).await? != Some(project) {
        return Err(Refusal::not_found("reviewable").into());
    }
    check_target(&mut tx, reviewable, form.target).await?;
    let new = shares::Share {
        id: ShareId::from_uuid(cx.new_id()),
        project,
        reviewable,
        target: form.target,
        label: label.as_str().to_owned(),
        secret_hash: secrets::digest(&secret),
        passphrase,
        rights: form.rights,
        see_each_other: form.guests_see_each_other,
        life: ShareLife { expires_at: form.expires_at, revoked_at: None },
        epoch: 1,
        created_by: user,
        creator: accounts::by_id(&mut tx, user).await?.map(|account| account.name).unwrap_or_default(),
        created_at: cx.now(),
    };
    shares::insert(&mut tx, &new).await?;
    let share = finish(app, cx, tx, new).await?;
    Ok(ShareLink { link: link(app, share.id, &secret), share })
}

/// Changes what is given of a link; guests meet the change with their next request.
///
/// # Errors
/// *Conflict* when it was revoked; *invalid* for a bad label, passphrase or end.
pub async fn edit(app: &App, cx: &Context, form: &EditShare) -> Result<Share, AppError> {
    let label = form.label.as_deref().map(Name::new).transpose()?;
    if let Some(end) = form.expires_at {
        check_end(end, cx.now())?;
    }
    let passphrase = match form.passphrase.as_deref() {
        None => None,
        Some(words) => Some(passphrase(app, Some(words)).await?),
    };
    let mut tx = app.db.write().await?;
    events::lock(&mut tx, cx.project()?).await?;
    let mut share = live(&mut tx, cx).await?;
    if let Some(target) = form.target {
        check_target(&mut tx, share.reviewable, target).await?;
        share.target = target;
    }
    share.label = label.map_or(share.label, |label| label.as_str().to_owned());
    share.rights = form.rights.unwrap_or(share.rights);
    share.see_each_other = form.guests_see_each_other.unwrap_or(share.see_each_other);
    share.life.expires_at = form.expires_at.unwrap_or(share.life.expires_at);
    if let Some(passphrase) = passphrase {
        // Whoever came in without the new passphrase has to open the link again.
        share.epoch += i64::from(passphrase.is_some());
        share.passphrase = passphrase;
        forget_attempts(&mut tx, share.id).await?;
    }
    shares::update(&mut tx, &share).await?;
    finish(app, cx, tx, share).await
}

/// Ends a link for good: sessions, media and live connections with it.
///
/// # Errors
/// When the database is out of reach.
pub async fn revoke(app: &App, cx: &Context) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    let project = cx.project()?;
    events::lock(&mut tx, project).await?;
    if shares::revoke(&mut tx, cx.share()?, cx.now()).await? {
        changed(&mut tx, project, cx.share()?, cx.now()).await?;
        tx.commit().await?;
        app.bell.ring(project);
    }
    Ok(())
}

/// Gives a link a new secret; the old one and everybody who came by it are out.
///
/// # Errors
/// *Conflict* when it was revoked.
pub async fn renew(app: &App, cx: &Context) -> Result<ShareLink, AppError> {
    let secret = secrets::random()?;
    let mut tx = app.db.write().await?;
    events::lock(&mut tx, cx.project()?).await?;
    let mut share = live(&mut tx, cx).await?;
    share.secret_hash = secrets::digest(&secret);
    share.epoch += 1;
    shares::update(&mut tx, &share).await?;
    forget_attempts(&mut tx, share.id).await?;
    let share = finish(app, cx, tx, share).await?;
    Ok(ShareLink { link: link(app, share.id, &secret), share })
}

/// Tells the team, in the caller's transaction, that a link or its visitors changed.
pub(crate) async fn changed(tx: &mut Tx, project: ProjectId, share: ShareId, now: Timestamp) -> Result<(), AppError> {
    let payload = serde_json::json!({ "share_id": share.uuid() });
    let event = NewEvent { kind: "share_changed", version: None, audience: Audience::Team, payload };
    events::append(tx, project, &event, now).await?;
    Ok(())
}

async fn finish(app: &App, cx: &Context, mut tx: Tx, share: shares::Share) -> Result<Share, AppError> {
    let project = share.project;
    changed(&mut tx, project, share.id, cx.now()).await?;
    let views = view::many(&mut tx, project, vec![share]).await?;
    let view = views.into_iter().next().ok_or_else(|| Refusal::not_found("link"))?;
    tx.commit().await?;
    app.bell.ring(project);
    Ok(view)
}

async fn stored(tx: &mut Tx, cx: &Context) -> Result<shares::Share, AppError> {
    Ok(shares::by_id(tx, cx.share()?).await?.ok_or_else(|| Refusal::not_found("link"))?)
}

async fn live(tx: &mut Tx, cx: &Context) -> Result<shares::Share, AppError> {
    let share = stored(tx, cx).await?;
    if share.life.revoked_at.is_some() {
        return Err(Refusal::conflict("revoked", "This link was revoked, and stays so. Make a new one.").into());
    }
    Ok(share)
}

async fn check_target(tx: &mut Tx, reviewable: ReviewableId, target: ShareTarget) -> Result<(), AppError> {
    match target {
        ShareTarget::Newest => Ok(()),
        ShareTarget::Version { version } => match scope::version(tx, version).await? {
            Some(place) if place.reviewable == reviewable => Ok(()),
            Some(_) | None => Err(Refusal::not_found("version").into()),
        },
    }
}

fn check_end(end: Option<Timestamp>, now: Timestamp) -> Result<(), Refusal> {
    if end.is_some_and(|end| end <= now) {
        return Err(Refusal::invalid("expires_at", "This end is in the past. To end a link now, revoke it."));
    }
    Ok(())
}

/// What is stored of a passphrase; the empty text asks for none.
async fn passphrase(app: &App, words: Option<&str>) -> Result<Option<String>, AppError> {
    let Some(words) = words.map(str::trim).filter(|words| !words.is_empty()) else { return Ok(None) };
    if !(6..=256).contains(&words.chars().count()) {
        let words = "A passphrase has 6 to 256 characters.";
        return Err(Refusal::invalid("passphrase", words).into());
    }
    Ok(Some(secrets::hash(app, words).await?))
}

async fn forget_attempts(tx: &mut Tx, share: ShareId) -> Result<(), AppError> {
    for limit in limits::passphrase(share) {
        attempts::clear(tx, &limit.name).await?;
    }
    Ok(())
}

fn link(app: &App, share: uuid::Uuid, secret: &str) -> String {
    format!("{}/s/{share}#{secret}", app.settings.public_url)
}
