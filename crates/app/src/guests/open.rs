//! Opening a share link: secret and passphrase against a session.

use jiff::{SignedDuration, Timestamp};
use picturelock_api::{GuestPage, OpenShare};
use picturelock_db::sessions::{self, Holder, Session};
use picturelock_db::{Tx, events, guests, shares};
use picturelock_domain::id::{GuestId, ShareId};
use picturelock_domain::{Refusal, RefusalKind};

use super::{limits, page};
use crate::accounts::{SESSION_LIFE, begin_session};
use crate::{App, AppError, access, secrets};

/// A guest's fresh session.
#[derive(Debug)]
pub struct Opened {
    /// The cookie's value.
    pub token: String,
    /// What the guest sees first.
    pub page: GuestPage,
}

/// Which browser asks.
#[derive(Clone, Copy, Debug)]
pub struct Browser<'a> {
    /// The guest cookie it has, if any.
    pub token: Option<&'a str>,
    /// What it calls itself.
    pub user_agent: &'a str,
}

/// Opens a link. A browser that opened it before stays the same guest.
///
/// # Errors
/// *Not found*, the same for an unknown link and a wrong secret; *gone* when it was revoked or has expired;
/// *unauthenticated* when a passphrase is missing or wrong; *too many* after too many wrong tries.
pub async fn open(
    app: &App,
    id: ShareId,
    form: &OpenShare,
    browser: Browser<'_>,
    now: Timestamp,
) -> Result<Opened, AppError> {
    let mut tx = app.db.read().await?;
    let found = shares::by_id(&mut tx, id).await?;
    drop(tx);
    let stored = found.as_ref().map_or(NO_LINK, |share| share.secret_hash.as_str());
    let right = secrets::matches(&form.secret, stored);
    let Some(share) = found.filter(|_| right) else { return Err(wrong_secret(app, id, now).await?) };
    share.life.check(now)?;
    let passed = pass(app, &share, form.passphrase.as_deref(), now).await?;
    let mut tx = app.db.write().await?;
    events::lock(&mut tx, share.project).await?;
    // Looked at again inside the write: it may have been revoked or renewed while the passphrase was checked.
    let share = shares::by_id(&mut tx, id).await?.filter(|share| secrets::matches(&form.secret, &share.secret_hash));
    let share = share.ok_or_else(|| Refusal::not_found("link"))?;
    share.life.check(now)?;
    if share.passphrase != passed {
        return Err(passphrase_wrong().into());
    }
    let (guest, token) = enter(&mut tx, &share, browser, now).await?;
    guests::opened(&mut tx, guest, now).await?;
    crate::shares::changed(&mut tx, share.project, share.id, now).await?;
    let page = page::build(&mut tx, &share, guest).await?;
    tx.commit().await?;
    app.bell.ring(share.project);
    Ok(Opened { token, page })
}

/// The digest an unknown link is compared with: none of a secret.
const NO_LINK: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What somebody hears who holds no link: the same, at the same cost, whether the id exists or not.
async fn wrong_secret(app: &App, id: ShareId, now: Timestamp) -> Result<AppError, AppError> {
    let limits = limits::secret(id);
    let mut tx = app.db.read().await?;
    let used_up = limits::used_up(&mut tx, &limits, now).await?;
    drop(tx);
    if used_up {
        return Ok(limits::too_many().into());
    }
    let mut tx = app.db.write().await?;
    let over = limits::take(&mut tx, &limits, now).await?;
    tx.commit().await?;
    Ok(if over { limits::too_many().into() } else { Refusal::not_found("link").into() })
}

/// Checks the passphrase; gives what is stored of the one that was right, nothing where none is asked for.
async fn pass(
    app: &App,
    share: &shares::Share,
    words: Option<&str>,
    now: Timestamp,
) -> Result<Option<String>, AppError> {
    let Some(stored) = &share.passphrase else { return Ok(None) };
    let limits = limits::passphrase(share.id);
    let Some(words) = words.map(str::trim).filter(|words| !words.is_empty()) else {
        let words = "This link asks for a passphrase. The studio sent it to you by another way.";
        return Err(Refusal::new(RefusalKind::Unauthenticated, "passphrase_needed", words).into());
    };
    let mut tx = app.db.read().await?;
    if limits::used_up(&mut tx, &limits, now).await? {
        return Err(limits::too_many().into());
    }
    drop(tx);
    // Counted before it is checked, so that a burst of parallel guesses gets no more than its share.
    let mut tx = app.db.write().await?;
    let over = limits::take(&mut tx, &limits, now).await?;
    tx.commit().await?;
    if over {
        return Err(limits::too_many().into());
    }
    if !secrets::verify(app, words, Some(stored)).await? {
        return Err(passphrase_wrong().into());
    }
    let mut tx = app.db.write().await?;
    limits::give_back(&mut tx, &limits).await?;
    tx.commit().await?;
    Ok(Some(stored.clone()))
}

fn passphrase_wrong() -> Refusal {
    Refusal::new(RefusalKind::Unauthenticated, "passphrase_wrong", "The passphrase is wrong. Mind capitals and spaces.")
}

/// Begins a session of the guest this browser is; a browser that came by this link before keeps its guest and gets
/// a new cookie.
async fn enter(
    tx: &mut Tx,
    share: &shares::Share,
    browser: Browser<'_>,
    now: Timestamp,
) -> Result<(GuestId, String), AppError> {
    if let Some((session, guest)) = known(tx, share.id, browser.token, now).await? {
        let life = SignedDuration::try_from(SESSION_LIFE).map_err(|error| AppError::Machine(error.to_string()))?;
        let token = secrets::random()?;
        sessions::renew_guest(tx, session.id, &secrets::digest(&token), share.epoch, now, now + life).await?;
        return Ok((guest, token));
    }
    let guest = GuestId::from_uuid(access::id_at(now));
    guests::insert(tx, guest, share.id, now).await?;
    let holder = Holder::Guest { guest, epoch: share.epoch };
    Ok((guest, begin_session(tx, holder, browser.user_agent, now).await?))
}

async fn known(
    tx: &mut Tx,
    share: ShareId,
    token: Option<&str>,
    now: Timestamp,
) -> Result<Option<(Session, GuestId)>, AppError> {
    let Some(token) = token else { return Ok(None) };
    let Some(session) = sessions::by_token(tx, &secrets::digest(token), now).await? else { return Ok(None) };
    let Holder::Guest { guest, .. } = session.holder else { return Ok(None) };
    let same = guests::by_id(tx, guest).await?.is_some_and(|guest| guest.share == share);
    Ok(same.then_some((session, guest)))
}
