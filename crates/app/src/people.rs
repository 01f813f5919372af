//! The people of the studio: roles, blocking, invitations.

use jiff::{SignedDuration, Timestamp};
use picturelock_api::{
    AcceptInvitation, EditPerson, Invitation, InvitationOffer, NewInvitation, NewInvitationLink, Person,
};
use picturelock_db::accounts::{Account, NewAccount};
use picturelock_db::sessions::Holder;
use picturelock_db::{Tx, accounts, invitations, sessions};
use picturelock_domain::id::{InvitationId, UserId};
use picturelock_domain::people::Role;
use picturelock_domain::text::{Email, Name};
use picturelock_domain::{Refusal, RefusalKind};

use crate::access::id_at;
use crate::accounts::{SignedIn, begin_session, me_of, studio_name};
use crate::{App, AppError, Context, secrets};

const INVITATION_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Everybody with an account.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(app: &App, _cx: &Context) -> Result<Vec<Person>, AppError> {
    let mut tx = app.db.read().await?;
    Ok(accounts::all(&mut tx).await?.iter().map(person).collect())
}

/// Changes a person's role, or blocks them and ends their sessions.
///
/// # Errors
/// *Conflict* when it would leave the studio without an owner.
pub async fn edit(app: &App, cx: &Context, form: &EditPerson) -> Result<Person, AppError> {
    let id = cx.person()?;
    let mut tx = app.db.write().await?;
    let before = accounts::by_id(&mut tx, id).await?.ok_or_else(|| Refusal::not_found("person"))?;
    if let Some(role) = form.role {
        accounts::set_role(&mut tx, id, role).await?;
    }
    if let Some(blocked) = form.blocked {
        let since = blocked.then(|| before.blocked_at.unwrap_or(cx.now()));
        accounts::set_blocked(&mut tx, id, since).await?;
        if blocked {
            sessions::end_others(&mut tx, id, None).await?;
        }
    }
    if accounts::active_owners(&mut tx).await? == 0 {
        let words = "The studio needs at least one owner who can sign in. Make somebody else an owner first.";
        return Err(Refusal::conflict("last_owner", words).into());
    }
    let after = accounts::by_id(&mut tx, id).await?.ok_or_else(|| Refusal::not_found("person"))?;
    tx.commit().await?;
    Ok(person(&after))
}

/// The invitations that were not withdrawn.
///
/// # Errors
/// When the database is out of reach.
pub async fn invitations(app: &App, _cx: &Context) -> Result<Vec<Invitation>, AppError> {
    let mut tx = app.db.read().await?;
    Ok(invitations::all(&mut tx).await?.iter().map(invitation).collect())
}

/// Invites somebody; the link is shown once.
///
/// # Errors
/// *Conflict* when the address has an account.
pub async fn invite(app: &App, cx: &Context, form: &NewInvitation) -> Result<NewInvitationLink, AppError> {
    let email = Email::new(&form.email)?;
    let secret = secrets::random()?;
    let new = invitations::Invitation {
        id: InvitationId::from_uuid(cx.new_id()),
        secret_hash: secrets::digest(&secret),
        email: email.as_str().to_owned(),
        role: form.role,
        invited_by: cx.user()?,
        created_at: cx.now(),
        expires_at: cx.now() + INVITATION_LIFE,
        accepted_at: None,
        withdrawn_at: None,
    };
    let mut tx = app.db.write().await?;
    if accounts::by_email(&mut tx, &email).await?.is_some() {
        return Err(Refusal::conflict("has_account", format!("{email} has an account already.")).into());
    }
    invitations::insert(&mut tx, &new).await?;
    tx.commit().await?;
    let link = format!("{}/invitation#{}.{secret}", app.settings.public_url, new.id);
    Ok(NewInvitationLink { invitation: invitation(&new), link })
}

/// Takes an invitation back.
///
/// # Errors
/// *Not found* when it was used or taken back before.
pub async fn withdraw(app: &App, cx: &Context) -> Result<(), AppError> {
    let id = cx.target().invitation.ok_or_else(|| Refusal::not_found("invitation"))?;
    let mut tx = app.db.write().await?;
    if !invitations::withdraw(&mut tx, id, cx.now()).await? {
        return Err(Refusal::not_found("open invitation").into());
    }
    Ok(tx.commit().await?)
}

/// What an invitation offers, to whoever holds its link.
///
/// # Errors
/// *Gone* when it does not work, whatever the reason.
pub async fn look_up(app: &App, token: &str, now: Timestamp) -> Result<InvitationOffer, AppError> {
    let mut tx = app.db.read().await?;
    let found = live(&mut tx, token, now).await?;
    Ok(InvitationOffer { studio: studio_name(&mut tx).await?, email: found.email, role: found.role })
}

/// Makes the account an invitation offers and signs it in.
///
/// # Errors
/// *Gone* when the invitation does not work; *conflict* when the address has an account by now.
pub async fn accept(
    app: &App,
    form: &AcceptInvitation,
    user_agent: &str,
    now: Timestamp,
) -> Result<SignedIn, AppError> {
    let name = Name::new(&form.name)?;
    secrets::check_password(&form.password)?;
    let mut tx = app.db.read().await?;
    let found = live(&mut tx, &form.token, now).await?;
    drop(tx);
    let email = Email::new(&found.email)?;
    let password = secrets::hash(app, &form.password).await?;
    let id = UserId::from_uuid(id_at(now));
    let mut tx = app.db.write().await?;
    if !invitations::accept(&mut tx, found.id, now).await? {
        return Err(gone().into());
    }
    let new = NewAccount { id, name: &name, email: &email, role: found.role, password: &password, at: now };
    accounts::insert(&mut tx, new).await.map_err(|error| match error.is_duplicate() {
        true => Refusal::conflict("has_account", "This address has an account already. Sign in.").into(),
        false => AppError::from(error),
    })?;
    let token = begin_session(&mut tx, Holder::Account(id), user_agent, now).await?;
    let me = me_of(app, &mut tx, id).await?;
    tx.commit().await?;
    Ok(SignedIn { token, me })
}

/// Makes an account at the server's own command line.
///
/// # Errors
/// *Conflict* when the address is taken; *invalid* for a weak password.
pub async fn create(
    app: &App,
    name: &str,
    email: &str,
    role: Role,
    password: &str,
    now: Timestamp,
) -> Result<(), AppError> {
    let (name, email) = (Name::new(name)?, Email::new(email)?);
    secrets::check_password(password)?;
    let password = secrets::hash(app, password).await?;
    let id = UserId::from_uuid(id_at(now));
    let mut tx = app.db.write().await?;
    let new = NewAccount { id, name: &name, email: &email, role, password: &password, at: now };
    accounts::insert(&mut tx, new).await.map_err(|error| match error.is_duplicate() {
        true => Refusal::conflict("has_account", format!("{email} has an account already.")).into(),
        false => AppError::from(error),
    })?;
    Ok(tx.commit().await?)
}

/// Sets a password at the server's own command line and signs the account out everywhere.
///
/// # Errors
/// *Not found* when no account signs in so; *invalid* for a weak password.
pub async fn reset_password(app: &App, email: &str, password: &str) -> Result<(), AppError> {
    let email = Email::new(email)?;
    secrets::check_password(password)?;
    let password = secrets::hash(app, password).await?;
    let mut tx = app.db.write().await?;
    let account = accounts::by_email(&mut tx, &email).await?.ok_or_else(|| Refusal::not_found("account"))?;
    accounts::set_password(&mut tx, account.id, &password).await?;
    sessions::end_others(&mut tx, account.id, None).await?;
    Ok(tx.commit().await?)
}

async fn live(tx: &mut Tx, token: &str, now: Timestamp) -> Result<invitations::Invitation, AppError> {
    let (id, secret) = token.split_once('.').ok_or_else(gone)?;
    let id = id.parse().map_err(|_| gone())?;
    let found = invitations::by_id(tx, id).await?.filter(|found| secrets::matches(secret, &found.secret_hash));
    let found =
        found.filter(|found| found.accepted_at.is_none() && found.withdrawn_at.is_none() && now < found.expires_at);
    Ok(found.ok_or_else(gone)?)
}

fn gone() -> Refusal {
    let words = "This invitation does not work: it was used, taken back, or is older than a week. Ask for a new one.";
    Refusal::new(RefusalKind::Gone, "invitation_gone", words)
}

fn person(account: &Account) -> Person {
    Person {
        id: account.id.uuid(),
        name: account.name.clone(),
        email: account.email.clone(),
        role: account.role,
        blocked: account.blocked_at.is_some(),
        created_at: account.created_at,
    }
}

fn invitation(stored: &invitations::Invitation) -> Invitation {
    Invitation {
        id: stored.id.uuid(),
        email: stored.email.clone(),
        role: stored.role,
        created_at: stored.created_at,
        expires_at: stored.expires_at,
        accepted_at: stored.accepted_at,
    }
}
