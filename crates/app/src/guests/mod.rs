//! What people do who came by a share link.

pub(crate) mod limits;
mod open;
mod page;

use picturelock_api::{GuestPage, Introduce};
use picturelock_db::{Tx, guests, shares};
use picturelock_domain::id::GuestId;
use picturelock_domain::people::{Principal, guest_name};
use picturelock_domain::text::Email;
use picturelock_domain::{Refusal, RefusalKind};

use crate::{App, AppError, Context};

pub use open::{Browser, Opened, open};

/// The guest's first page.
///
/// # Errors
/// *Unauthenticated* when it is not a guest who asks.
pub async fn page(app: &App, cx: &Context) -> Result<GuestPage, AppError> {
    let guest = guest(cx)?;
    let mut tx = app.db.read().await?;
    let share = share(&mut tx, cx).await?;
    page::build(&mut tx, &share, guest).await
}

/// Records who the guest says they are. Comments and decisions made before keep the name they were made under.
///
/// # Errors
/// *Unauthenticated* when it is not a guest who asks; *invalid* for a bad name or address.
pub async fn introduce(app: &App, cx: &Context, form: &Introduce) -> Result<GuestPage, AppError> {
    let guest = guest(cx)?;
    let name = guest_name(&form.name)?;
    let email = match form.email.trim() {
        "" => None,
        email => Some(Email::new(email)?),
    };
    let mut tx = app.db.write().await?;
    picturelock_db::events::lock(&mut tx, cx.project()?).await?;
    guests::introduce(&mut tx, guest, name.as_str(), email.as_ref().map(Email::as_str)).await?;
    let share = share(&mut tx, cx).await?;
    crate::shares::changed(&mut tx, share.project, share.id, cx.now()).await?;
    let page = page::build(&mut tx, &share, guest).await?;
    tx.commit().await?;
    app.bell.ring(share.project);
    Ok(page)
}

fn guest(cx: &Context) -> Result<GuestId, Refusal> {
    match *cx.principal() {
        Principal::Guest { guest, .. } => Ok(guest),
        Principal::Account { .. } | Principal::Anonymous | Principal::Operator => {
            let words = "This page is for people who came by a share link. Open the link again.";
            Err(Refusal::new(RefusalKind::Unauthenticated, "sign_in", words))
        }
    }
}

async fn share(tx: &mut Tx, cx: &Context) -> Result<shares::Share, AppError> {
    let place = cx.guest().ok_or_else(|| Refusal::not_found("link"))?;
    Ok(shares::by_id(tx, place.share).await?.ok_or_else(|| Refusal::not_found("link"))?)
}
