//! Who asks, about what: the only door to the use cases.

use jiff::Timestamp;
use picturelock_api::{Author, AuthorKind};
use picturelock_db::scope::{self, GuestPlace};
use picturelock_db::{Tx, accounts, projects, sessions};
use picturelock_domain::id::{
    CommentId, GuestId, InvitationId, JobId, ProjectId, ReviewableId, SessionId, ShareId, UploadId, UserId, VersionId,
};
use picturelock_domain::people::{Action, Principal, Standing, authorise};
use picturelock_domain::review::{Audience, Reader};
use picturelock_domain::{Refusal, RefusalKind};
use uuid::Uuid;

use crate::{App, AppError, secrets};

/// Somebody, as far as their cookie tells.
#[derive(Clone, Debug)]
pub struct Actor {
    principal: Principal,
    name: String,
    email: Option<String>,
    session: Option<SessionId>,
    guest: Option<GuestPlace>,
}

/// The things an address names. What is absent is not named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// A project.
    pub project: Option<ProjectId>,
    /// A reviewable.
    pub reviewable: Option<ReviewableId>,
    /// A version.
    pub version: Option<VersionId>,
    /// A comment or reply.
    pub comment: Option<CommentId>,
    /// A share link.
    pub share: Option<ShareId>,
    /// An upload.
    pub upload: Option<UploadId>,
    /// A job.
    pub job: Option<JobId>,
    /// A person.
    pub person: Option<UserId>,
    /// A signed-in browser.
    pub session: Option<SessionId>,
    /// An invitation.
    pub invitation: Option<InvitationId>,
}

/// Proof that somebody may do something: who, what, when, and things that belong together and to them.
///
/// Only [`App::enter`] makes one, so no use case runs unasked.
#[derive(Clone, Debug)]
pub struct Context {
    actor: Actor,
    action: Action,
    target: Target,
    now: Timestamp,
}

impl Actor {
    /// Somebody unknown.
    pub fn anonymous() -> Self {
        Self { principal: Principal::Anonymous, name: String::new(), email: None, session: None, guest: None }
    }

    /// The person at the server's own command line.
    pub fn operator() -> Self {
        Self { principal: Principal::Operator, name: "Operator".to_owned(), email: None, session: None, guest: None }
    }

    /// As what they ask.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }
}

impl App {
    /// Whose cookie it is; anonymous when it is nobody's or has ended.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn actor(&self, token: &str, now: Timestamp) -> Result<Actor, AppError> {
        let mut tx = self.db.read().await?;
        let Some(session) = sessions::by_token(&mut tx, &secrets::digest(token), now).await? else {
            return Ok(Actor::anonymous());
        };
        let actor = holder(&mut tx, session.holder, now).await?;
        drop(tx);
        if now.duration_since(session.last_seen_at).as_secs() >= 60 {
            let mut tx = self.db.write().await?;
            sessions::touch(&mut tx, session.id, now).await?;
            tx.commit().await?;
        }
        Ok(Actor { session: Some(session.id), ..actor })
    }

    /// Asks whether `actor` may do `action` to `target`.
    ///
    /// # Errors
    /// The refusal of [`authorise`], or *not found* when the things named do not belong together.
    pub async fn enter(
        &self,
        actor: Actor,
        action: Action,
        target: Target,
        now: Timestamp,
    ) -> Result<Context, AppError> {
        let mut tx = self.db.read().await?;
        let target = match &actor.guest {
            // A guest who names nothing means what their link shows.
            Some(place) if target == Target::default() => {
                Target { project: Some(place.project), reviewable: Some(place.reviewable), ..target }
            }
            Some(_) | None => target,
        };
        let standing = standing(&mut tx, &actor, &target).await?;
        authorise(&actor.principal, standing, action)?;
        Ok(Context { actor, action, target, now })
    }
}

impl App {
    /// Asks anew whether what `cx` stands for still holds: the session, the link, the right and the things named.
    /// For answers that go on for a while, such as a stream.
    ///
    /// # Errors
    /// The refusal a new request would meet.
    pub async fn enter_again(&self, cx: &Context, now: Timestamp) -> Result<(), AppError> {
        let mut tx = self.db.read().await?;
        let actor = match cx.actor.session {
            Some(session) => match sessions::by_id(&mut tx, session, now).await? {
                Some(session) => holder(&mut tx, session.holder, now).await?,
                None => Actor::anonymous(),
            },
            // Nobody's cookie stands behind it, so nothing can have ended.
            None => cx.actor.clone(),
        };
        let standing = standing(&mut tx, &actor, &cx.target).await?;
        Ok(authorise(&actor.principal, standing, cx.action)?)
    }
}

impl Context {
    /// When.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// As what they ask.
    pub fn principal(&self) -> &Principal {
        &self.actor.principal
    }

    /// What they were allowed.
    pub fn action(&self) -> Action {
        self.action
    }

    /// The things the address names.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The browser that asks.
    pub fn session(&self) -> Option<SessionId> {
        self.actor.session
    }

    /// The link the person came by, if they are a guest.
    pub fn guest(&self) -> Option<&GuestPlace> {
        self.actor.guest.as_ref()
    }

    /// The email address of the person, where known.
    pub fn email(&self) -> Option<&str> {
        self.actor.email.as_deref()
    }

    /// The account that asks.
    ///
    /// # Errors
    /// *Forbidden* when it is not an account.
    pub fn user(&self) -> Result<UserId, Refusal> {
        match self.actor.principal {
            Principal::Account { user, .. } => Ok(user),
            Principal::Guest { .. } | Principal::Anonymous | Principal::Operator => {
                Err(Refusal::forbidden("This needs an account in the studio."))
            }
        }
    }

    /// Who asks, as an author.
    ///
    /// # Errors
    /// *Unauthenticated* when nobody is signed in.
    pub fn author(&self) -> Result<Author, Refusal> {
        let (kind, id) = match self.actor.principal {
            Principal::Account { user, .. } => (AuthorKind::Account, user.uuid()),
            Principal::Guest { guest, .. } => (AuthorKind::Guest, guest.uuid()),
            Principal::Anonymous | Principal::Operator => {
                return Err(Refusal::new(RefusalKind::Unauthenticated, "sign_in", "Sign in first."));
            }
        };
        Ok(Author { kind, id, name: self.actor.name.clone() })
    }

    /// As whom they read comments.
    ///
    /// # Errors
    /// *Unauthenticated* when nobody is signed in.
    pub fn reader(&self) -> Result<Reader, Refusal> {
        match (self.actor.principal, &self.actor.guest) {
            (Principal::Account { .. } | Principal::Operator, _) => Ok(Reader::Team),
            (Principal::Guest { guest, .. }, Some(place)) => {
                Ok(Reader::Guest { guest, sees_others: place.see_each_other })
            }
            (Principal::Guest { .. } | Principal::Anonymous, _) => {
                Err(Refusal::new(RefusalKind::Unauthenticated, "sign_in", "Sign in, or open the share link again."))
            }
        }
    }

    /// The name they write under.
    pub fn name(&self) -> &str {
        &self.actor.name
    }

    /// Whether the person reads as part of the team.
    pub fn is_team(&self) -> bool {
        !matches!(self.actor.principal, Principal::Guest { .. } | Principal::Anonymous)
    }

    /// A new id, made of the time and chance (UUID version 7).
    pub fn new_id(&self) -> Uuid {
        id_at(self.now)
    }

    /// The project the address names.
    ///
    /// # Errors
    /// *Not found* when it names none; likewise below.
    pub fn project(&self) -> Result<ProjectId, Refusal> {
        self.target.project.ok_or_else(|| Refusal::not_found("project"))
    }

    /// The reviewable the address names.
    ///
    /// # Errors
    /// *Not found* when it names none.
    pub fn reviewable(&self) -> Result<ReviewableId, Refusal> {
        self.target.reviewable.ok_or_else(|| Refusal::not_found("reviewable"))
    }

    /// The version the address names.
    ///
    /// # Errors
    /// *Not found* when it names none.
    pub fn version(&self) -> Result<VersionId, Refusal> {
        self.target.version.ok_or_else(|| Refusal::not_found("version"))
    }

    /// The comment the address names.
    ///
    /// # Errors
    /// *Not found* when it names none.
    pub fn comment(&self) -> Result<CommentId, Refusal> {
        self.target.comment.ok_or_else(|| Refusal::not_found("note"))
    }

    /// The share link the address names.
    ///
    /// # Errors
    /// *Not found* when it names none.
    pub fn share(&self) -> Result<ShareId, Refusal> {
        self.target.share.ok_or_else(|| Refusal::not_found("link"))
    }

    /// The upload the address names.
    ///
    /// # Errors
    /// *Not found* when it names none.
    pub fn upload(&self) -> Result<UploadId, Refusal> {
        self.target.upload.ok_or_else(|| Refusal::not_found("upload"))
    }

    /// The job the address names.
    ///
    /// # Errors
    /// *Not found* when it names none.
    pub fn job(&self) -> Result<JobId, Refusal> {
        self.target.job.ok_or_else(|| Refusal::not_found("job"))
    }

    /// The person the address names.
    ///
    /// # Errors
    /// *Not found* when it names none.
    pub fn person(&self) -> Result<UserId, Refusal> {
        self.target.person.ok_or_else(|| Refusal::not_found("person"))
    }
}

/// A new id, made of a time and chance (UUID version 7).
pub(crate) fn id_at(now: Timestamp) -> Uuid {
    let (seconds, nanos) = (now.as_second(), now.subsec_nanosecond());
    Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds.max(0) as u64, nanos.max(0) as u32))
}

async fn holder(tx: &mut Tx, holder: sessions::Holder, now: Timestamp) -> Result<Actor, AppError> {
    match holder {
        sessions::Holder::Account(user) => account_actor(tx, user).await,
        sessions::Holder::Guest { guest, epoch } => guest_actor(tx, guest, epoch, now).await,
    }
}

async fn account_actor(tx: &mut Tx, user: UserId) -> Result<Actor, AppError> {
    let account = accounts::by_id(tx, user).await?.filter(|account| account.blocked_at.is_none());
    Ok(account.map_or_else(Actor::anonymous, |account| Actor {
        principal: Principal::Account { user, role: account.role },
        name: account.name,
        email: Some(account.email),
        session: None,
        guest: None,
    }))
}

async fn guest_actor(tx: &mut Tx, guest: GuestId, epoch: i64, now: Timestamp) -> Result<Actor, AppError> {
    let Some(place) = scope::guest(tx, guest).await? else { return Ok(Actor::anonymous()) };
    // A revoked or expired link says so; one that was renewed must be opened again.
    place.life.check(now)?;
    if place.epoch != epoch {
        return Ok(Actor::anonymous());
    }
    let named = place.name.is_some();
    Ok(Actor {
        principal: Principal::Guest { guest, share: place.share, rights: place.rights, named },
        name: place.name.clone().unwrap_or_else(|| "Guest".to_owned()),
        email: place.email.clone(),
        session: None,
        guest: Some(place),
    })
}

/// How the actor stands to the things named, which must all belong to one project.
async fn standing(tx: &mut Tx, actor: &Actor, target: &Target) -> Result<Standing, AppError> {
    let Some(project) = target.project else { return Ok(Standing::Studio) };
    if !belongs(tx, actor, project, target).await? {
        return match actor.principal {
            Principal::Anonymous => Ok(Standing::NotShared),
            Principal::Account { .. } | Principal::Guest { .. } | Principal::Operator => {
                Err(Refusal::not_found("page").into())
            }
        };
    }
    Ok(match actor.principal {
        Principal::Account { user, .. } if projects::has_member(tx, project, user).await? => Standing::Member,
        Principal::Account { .. } => Standing::Stranger,
        Principal::Guest { .. } => Standing::Shared,
        Principal::Anonymous => Standing::NotShared,
        Principal::Operator => Standing::Member,
    })
}

/// Whether everything named exists in `project` and, for a guest, is shown by their link.
async fn belongs(tx: &mut Tx, actor: &Actor, project: ProjectId, target: &Target) -> Result<bool, AppError> {
    if let Some(place) = &actor.guest
        && place.project != project
    {
        return Ok(false);
    }
    if projects::by_id(tx, project).await?.is_none() {
        return Ok(false);
    }
    if let Some(reviewable) = target.reviewable
        && !(scope::reviewable(tx, reviewable).await? == Some(project) && shows_reviewable(actor, reviewable))
    {
        return Ok(false);
    }
    if let Some(version) = target.version
        && !shows_version(tx, actor, project, target, version).await?
    {
        return Ok(false);
    }
    if let Some(comment) = target.comment
        && !shows_comment(tx, actor, project, target, comment).await?
    {
        return Ok(false);
    }
    if let Some(share) = target.share
        && (actor.guest.is_some() || scope::share(tx, share).await? != Some(project))
    {
        return Ok(false);
    }
    if let Some(job) = target.job
        && (actor.guest.is_some() || scope::job(tx, job).await? != Some(project))
    {
        return Ok(false);
    }
    if let Some(upload) = target.upload {
        let place = scope::upload(tx, upload).await?;
        return Ok(place.is_some_and(|(of, by)| {
            of == project && matches!(actor.principal, Principal::Account { user, .. } if user == by)
        }));
    }
    Ok(true)
}

fn shows_reviewable(actor: &Actor, reviewable: ReviewableId) -> bool {
    actor.guest.as_ref().is_none_or(|place| place.reviewable == reviewable)
}

async fn shows_version(
    tx: &mut Tx,
    actor: &Actor,
    project: ProjectId,
    target: &Target,
    version: VersionId,
) -> Result<bool, AppError> {
    let Some(place) = scope::version(tx, version).await? else { return Ok(false) };
    Ok(place.project == project
        && target.reviewable.is_none_or(|reviewable| reviewable == place.reviewable)
        && shows_reviewable(actor, place.reviewable)
        && actor.guest.as_ref().is_none_or(|guest| guest.version.is_none_or(|only| only == version)))
}

async fn shows_comment(
    tx: &mut Tx,
    actor: &Actor,
    project: ProjectId,
    target: &Target,
    comment: CommentId,
) -> Result<bool, AppError> {
    let Some(place) = scope::comment(tx, comment).await? else { return Ok(false) };
    let version_fits = target.version.is_none_or(|version| version == place.version)
        && shows_version(tx, actor, project, &Target::default(), place.version).await?;
    Ok(version_fits && sees_comment(actor, &place))
}

/// A guest sees what the team wrote for everyone, their own, and other guests' where the link says so.
fn sees_comment(actor: &Actor, place: &scope::CommentPlace) -> bool {
    let (Some(guest), Principal::Guest { guest: own, .. }) = (&actor.guest, actor.principal) else { return true };
    match place.audience {
        Audience::Team => false,
        Audience::Everyone => place.by_account.is_some() || place.by_guest == Some(own) || guest.see_each_other,
    }
}
