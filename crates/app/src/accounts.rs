//! The first account, signing in and out, devices, one's own password.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use picturelock_api::{ChangePassword, Device, Me, SetUp, SignIn, Studio, User};
use picturelock_db::accounts::{Account, NewAccount};
use picturelock_db::sessions::{Holder, Session};
use picturelock_db::{Tx, accounts, attempts, sessions, settings};
use picturelock_domain::id::{SessionId, UserId};
use picturelock_domain::people::Role;
use picturelock_domain::text::{Email, Name};
use picturelock_domain::{Refusal, RefusalKind};

use crate::access::id_at;
use crate::{App, AppError, Context, jobs, secrets};

/// How long a browser stays signed in without being used again.
pub const SESSION_LIFE: Duration = Duration::from_secs(30 * 24 * 3600);
/// How many wrong passwords an account bears within the window.
const MOST_FAILURES: i64 = 10;
const WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// A fresh session: the secret goes into the cookie and nowhere else.
#[derive(Debug)]
pub struct SignedIn {
    /// The cookie's value.
    pub token: String,
    /// Who signed in.
    pub me: Me,
}

/// Whether the installation still needs its owner.
///
/// # Errors
/// When the database is out of reach.
pub async fn needs_set_up(app: &App) -> Result<bool, AppError> {
    let mut tx = app.db.read().await?;
    Ok(settings::get(&mut tx, "studio_name").await?.is_none())
}

/// Makes the studio and its owner, once.
///
/// # Errors
/// *Conflict* when the studio exists; *invalid* for a bad name, address or password.
pub async fn set_up(app: &App, form: &SetUp, user_agent: &str, now: Timestamp) -> Result<SignedIn, AppError> {
    let studio = Name::new(&form.studio_name)?;
    let (name, email) = (Name::new(&form.name)?, Email::new(&form.email)?);
    secrets::check_password(&form.password)?;
    if !needs_set_up(app).await? {
        return Err(set_up_done());
    }
    let password = secrets::hash(app, &form.password).await?;
    let id = UserId::from_uuid(id_at(now));
    let mut tx = app.db.write().await?;
    if !settings::claim(&mut tx, "studio_name", studio.as_str()).await? {
        return Err(set_up_done());
    }
    let new = NewAccount { id, name: &name, email: &email, role: Role::Owner, password: &password, at: now };
    accounts::insert(&mut tx, new).await?;
    let token = begin_session(&mut tx, Holder::Account(id), user_agent, now).await?;
    let me = me_of(app, &mut tx, id).await?;
    let sample = if form.sample_project { Some(jobs::ask_for_sample(&mut tx, id, now).await?) } else { None };
    tx.commit().await?;
    if let Some(project) = sample {
        app.bell.ring(project);
    }
    Ok(SignedIn { token, me })
}

/// Signs in with address and password.
///
/// # Errors
/// *Unauthenticated*, the same whether address or password is wrong; *too many* after ten wrong ones.
pub async fn sign_in(app: &App, form: &SignIn, user_agent: &str, now: Timestamp) -> Result<SignedIn, AppError> {
    let wrong = || Refusal::new(RefusalKind::Unauthenticated, "wrong_password", "Email or password is wrong.");
    let email = Email::new(&form.email).map_err(|_| wrong())?;
    let attempt = format!("sign-in:{email}");
    let mut tx = app.db.read().await?;
    if attempts::failures(&mut tx, &attempt, now - WINDOW).await? >= MOST_FAILURES {
        return Err(too_many());
    }
    let account = accounts::by_email(&mut tx, &email).await?;
    drop(tx);
    let stored = account.as_ref().map(|account| account.password.as_str());
    let right = secrets::verify(app, &form.password, stored).await?;
    let mut tx = app.db.write().await?;
    // Counted again inside the write: a burst of parallel guesses does not slip past the first look.
    if attempts::failures(&mut tx, &attempt, now - WINDOW).await? >= MOST_FAILURES {
        return Err(too_many());
    }
    match account {
        Some(Account { id, blocked_at: None, .. }) if right => {
            attempts::clear(&mut tx, &attempt).await?;
            let token = begin_session(&mut tx, Holder::Account(id), user_agent, now).await?;
            let me = me_of(app, &mut tx, id).await?;
            tx.commit().await?;
            Ok(SignedIn { token, me })
        }
        Some(_) | None => {
            attempts::fail(&mut tx, &attempt, now, now - WINDOW).await?;
            tx.commit().await?;
            Err(wrong().into())
        }
    }
}

/// Who is signed in.
///
/// # Errors
/// *Forbidden* when it is not an account.
pub async fn me(app: &App, cx: &Context) -> Result<Me, AppError> {
    let mut tx = app.db.read().await?;
    me_of(app, &mut tx, cx.user()?).await
}

/// Ends the session that asks.
///
/// # Errors
/// When the database is out of reach.
pub async fn sign_out(app: &App, cx: &Context) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    if let Some(session) = cx.session() {
        sessions::end(&mut tx, cx.user()?, session).await?;
    }
    Ok(tx.commit().await?)
}

/// The browsers signed in to the account.
///
/// # Errors
/// When the database is out of reach.
pub async fn devices(app: &App, cx: &Context) -> Result<Vec<Device>, AppError> {
    let mut tx = app.db.read().await?;
    let sessions = sessions::of_account(&mut tx, cx.user()?, cx.now()).await?;
    Ok(sessions.into_iter().map(|session| device(session, cx.session())).collect())
}

/// Signs a browser out.
///
/// # Errors
/// *Not found* when it is not one of the account's.
pub async fn end_device(app: &App, cx: &Context) -> Result<(), AppError> {
    let session = cx.target().session.ok_or_else(|| Refusal::not_found("device"))?;
    let mut tx = app.db.write().await?;
    if !sessions::end(&mut tx, cx.user()?, session).await? {
        return Err(Refusal::not_found("device").into());
    }
    Ok(tx.commit().await?)
}

/// Changes the password and signs every other browser out.
///
/// # Errors
/// *Forbidden* when the present password is wrong; *invalid* when the new one is weak.
pub async fn change_password(app: &App, cx: &Context, form: &ChangePassword) -> Result<(), AppError> {
    secrets::check_password(&form.new)?;
    let user = cx.user()?;
    let attempt = format!("password:{user}");
    let mut tx = app.db.read().await?;
    if attempts::failures(&mut tx, &attempt, cx.now() - WINDOW).await? >= MOST_FAILURES {
        return Err(too_many());
    }
    let stored = accounts::by_id(&mut tx, user).await?.map(|account| account.password);
    drop(tx);
    let right = secrets::verify(app, &form.current, stored.as_deref()).await?;
    let hashed = if right { secrets::hash(app, &form.new).await? } else { String::new() };
    let mut tx = app.db.write().await?;
    if !right {
        attempts::fail(&mut tx, &attempt, cx.now(), cx.now() - WINDOW).await?;
        tx.commit().await?;
        return Err(Refusal::forbidden("The present password is wrong.").into());
    }
    accounts::set_password(&mut tx, user, &hashed).await?;
    sessions::end_others(&mut tx, user, cx.session()).await?;
    Ok(tx.commit().await?)
}

/// Begins a session; gives the cookie's value.
pub(crate) async fn begin_session(
    tx: &mut Tx,
    holder: Holder,
    user_agent: &str,
    now: Timestamp,
) -> Result<String, AppError> {
    let token = secrets::random()?;
    let life = SignedDuration::try_from(SESSION_LIFE).map_err(|error| AppError::Machine(error.to_string()))?;
    let session = Session {
        id: SessionId::from_uuid(id_at(now)),
        token_hash: secrets::digest(&token),
        holder,
        user_agent: user_agent.chars().filter(|c| !c.is_control()).take(300).collect(),
        created_at: now,
        last_seen_at: now,
        expires_at: now + life,
    };
    sessions::insert(tx, &session).await?;
    Ok(token)
}

/// The signed-in person, read in the caller's transaction.
pub(crate) async fn me_of(app: &App, tx: &mut Tx, user: UserId) -> Result<Me, AppError> {
    let account = accounts::by_id(tx, user).await?.ok_or_else(|| Refusal::not_found("account"))?;
    let studio = Studio { name: studio_name(tx).await? };
    Ok(Me { user: user_view(&account), studio, plain_http: app.settings.plain_http })
}

/// The studio's name.
pub(crate) async fn studio_name(tx: &mut Tx) -> Result<String, AppError> {
    Ok(settings::get(tx, "studio_name").await?.unwrap_or_else(|| "Picturelock".to_owned()))
}

/// The account as its owner sees it.
pub(crate) fn user_view(account: &Account) -> User {
    User { id: account.id.uuid(), name: account.name.clone(), email: account.email.clone(), role: account.role }
}

fn device(session: Session, current: Option<SessionId>) -> Device {
    Device {
        id: session.id.uuid(),
        current: Some(session.id) == current,
        user_agent: session.user_agent,
        created_at: session.created_at,
        last_seen_at: session.last_seen_at,
    }
}

fn set_up_done() -> AppError {
    Refusal::conflict("setup_done", "This studio has its owner already. Sign in instead.").into()
}

fn too_many() -> AppError {
    let words = "Too many wrong passwords. Wait a quarter of an hour, then try again.";
    Refusal::new(RefusalKind::TooMany, "too_many", words).into()
}
