//! “Why can't they open it?”: the exact reason, for the team only.

use jiff::Timestamp;
use picturelock_api::{Explain, Explanation};
use picturelock_db::{Tx, guests, shares, versions};
use picturelock_domain::Refusal;
use picturelock_domain::id::{ProjectId, ShareId};
use picturelock_domain::share::ShareTarget;
use picturelock_domain::text::Email;
use picturelock_domain::version::VersionState;

use crate::guests::limits;
use crate::{App, AppError, Context, secrets};

/// Says whether somebody can open the link, and if not, why: by the link as they have it, by their address, or both.
///
/// # Errors
/// *Invalid* when neither is given.
pub async fn explain(app: &App, cx: &Context, form: &Explain) -> Result<Explanation, AppError> {
    let given =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let (link, email) = (given(&form.link), given(&form.email));
    if link.is_none() && email.is_none() {
        return Err(Refusal::invalid("explain", "Paste the link as they have it, or type their email address.").into());
    }
    let mut tx = app.db.read().await?;
    let share = super::stored(&mut tx, cx).await?;
    if let Some(link) = &link
        && let Some(problem) = link_problem(&mut tx, &share, link).await?
    {
        return Ok(problem);
    }
    if let Some(problem) = life_problem(&share, cx.now()) {
        return Ok(problem);
    }
    if let Some(problem) = version_problem(&mut tx, &share).await? {
        return Ok(problem);
    }
    if let Some(email) = &email {
        return by_email(&mut tx, &share, email).await;
    }
    by_link(&mut tx, &share, cx.now()).await
}

fn no(code: &'static str, reason: impl Into<String>) -> Explanation {
    Explanation { works: false, code, reason: reason.into() }
}

fn yes(reason: impl Into<String>) -> Explanation {
    Explanation { works: true, code: "works", reason: reason.into() }
}

/// What is wrong with the link as they have it.
async fn link_problem(tx: &mut Tx, share: &shares::Share, link: &str) -> Result<Option<Explanation>, AppError> {
    let (address, secret) = link.split_once('#').unwrap_or((link, ""));
    let id = address.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let Ok(id) = id.parse::<ShareId>() else {
        return Ok(Some(no("unreadable", "That is no share link: it has no id in it. It may have been cut short.")));
    };
    if id != share.id {
        return other_link(tx, share.project, id).await.map(Some);
    }
    if secret.is_empty() {
        let words = "The part after # is missing: some mail programs cut it off. Send the whole link, or a new one.";
        return Ok(Some(no("secret_missing", words)));
    }
    if !secrets::matches(secret, &share.secret_hash) {
        let words = if secret.len() < 43 {
            "The link was cut short on the way. Send the whole link, or renew it and send the new one."
        } else {
            "This is an older link, from before it was renewed, or it was changed on the way. Send the present one."
        };
        return Ok(Some(no("secret_wrong", words)));
    }
    Ok(None)
}

/// Names another link only where it is of the same project.
async fn other_link(tx: &mut Tx, project: ProjectId, id: ShareId) -> Result<Explanation, AppError> {
    let other = shares::by_id(tx, id).await?.filter(|other| other.project == project);
    Ok(match other {
        Some(other) => no("other_link", format!("That is another link of this project: “{}”.", other.label)),
        None => no("unknown", "No link of this project has this id."),
    })
}

fn life_problem(share: &shares::Share, now: Timestamp) -> Option<Explanation> {
    if let Some(at) = share.life.revoked_at {
        return Some(no("revoked", format!("The link was revoked on {}.", moment(at))));
    }
    let end = share.life.expires_at.filter(|end| now >= *end)?;
    Some(no("expired", format!("The link expired on {}. Give it a later end.", moment(end))))
}

/// Whether there is anything to see behind the link.
async fn version_problem(tx: &mut Tx, share: &shares::Share) -> Result<Option<Explanation>, AppError> {
    let state = match share.target {
        ShareTarget::Newest => {
            let stack = versions::of_reviewable(tx, share.reviewable).await?;
            if stack.iter().any(|version| version.state == VersionState::Ready) {
                return Ok(None);
            }
            stack.into_iter().map(|version| version.state).find(|state| *state != VersionState::Deleted)
        }
        ShareTarget::Version { version } => versions::get(tx, version).await?.map(|version| version.state),
    };
    Ok(match state {
        Some(VersionState::Ready) => None,
        Some(VersionState::Processing) => {
            Some(no("not_ready", "The link opens, but its version is still being prepared. Wait until it is ready."))
        }
        Some(VersionState::Failed { .. }) => {
            Some(no("not_ready", "The link opens, but its version could not be prepared. Upload it again."))
        }
        Some(VersionState::Deleted) | None => {
            Some(no("version_deleted", "The link opens, but the version it shows was deleted. Share another one."))
        }
    })
}

async fn by_email(tx: &mut Tx, share: &shares::Share, email: &str) -> Result<Explanation, AppError> {
    let email = Email::new(email)?;
    let visitors = guests::of_project(tx, share.project).await?;
    let mine = |visitor: &&guests::Visitor| {
        visitor.guest.share == share.id && visitor.guest.email.as_deref() == Some(email.as_str())
    };
    let Some(visitor) = visitors.iter().find(mine) else {
        let words = format!(
            "Nobody gave {email} on this link: they never opened it, or have not typed their address. \
             Ask them for the link they use and paste it here."
        );
        return Ok(no("never_opened", words));
    };
    let name = visitor.guest.name.as_deref().unwrap_or("They");
    if visitor.epoch.is_none_or(|epoch| epoch < share.epoch) {
        let words =
            format!("{name} opened it before the link or its passphrase was renewed. Send them the present one.");
        return Ok(no("renewed", words));
    }
    let (opens, last) = (visitor.guest.opens, moment(visitor.guest.last_opened_at));
    Ok(yes(format!("It works: {name} opened it {opens}×, last on {last}.")))
}

async fn by_link(tx: &mut Tx, share: &shares::Share, now: Timestamp) -> Result<Explanation, AppError> {
    if share.passphrase.is_none() {
        return Ok(yes("It works: whoever has this link can open it."));
    }
    if limits::used_up(tx, &limits::passphrase(share.id), now).await? {
        let words = "Too many wrong passphrases were typed. It opens again a while later, or when you renew the link.";
        return Ok(no("passphrase_locked", words));
    }
    Ok(no("passphrase_needed", "The link is right, but it asks for its passphrase. Tell them by another way."))
}

/// A time as the team reads it.
fn moment(at: Timestamp) -> String {
    at.strftime("%-d %B %Y, %H:%M UTC").to_string()
}
