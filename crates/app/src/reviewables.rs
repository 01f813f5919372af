//! Reviewables: the things under review, their names and briefs.

use jiff::Timestamp;
use picturelock_api::{EditReviewable, NewReviewable, Reviewable, Version};
use picturelock_db::events::{self, NewEvent};
use picturelock_db::{Tx, reviewables};
use picturelock_domain::Refusal;
use picturelock_domain::id::ReviewableId;
use picturelock_domain::review::{Audience, Brief};
use picturelock_domain::text::Name;

use crate::{App, AppError, Context, versions};

/// The reviewables of the project with their versions, oldest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(app: &App, cx: &Context) -> Result<Vec<Reviewable>, AppError> {
    let project = cx.project()?;
    let mut tx = app.db.read().await?;
    let found = reviewables::of_project(&mut tx, project).await?;
    let mut stacks = versions::stacks(&mut tx, cx, project).await?;
    Ok(found.iter().map(|reviewable| view(reviewable, stacks.remove(&reviewable.id).unwrap_or_default())).collect())
}

/// Makes a reviewable without versions, with the usual brief of its stage.
///
/// # Errors
/// *Invalid* for a bad name.
pub async fn create(app: &App, cx: &Context, form: &NewReviewable) -> Result<Reviewable, AppError> {
    let new = reviewables::Reviewable {
        id: ReviewableId::from_uuid(cx.new_id()),
        project: cx.project()?,
        name: Name::new(&form.name)?.as_str().to_owned(),
        brief: Brief::of(form.stage),
        created_at: cx.now(),
    };
    let mut tx = app.db.write().await?;
    events::lock(&mut tx, new.project).await?;
    reviewables::insert(&mut tx, &new).await?;
    announce(&mut tx, &new, cx.now()).await?;
    tx.commit().await?;
    app.bell.ring(new.project);
    Ok(view(&new, Vec::new()))
}

/// One reviewable with its versions, newest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn get(app: &App, cx: &Context) -> Result<Reviewable, AppError> {
    let mut tx = app.db.read().await?;
    let reviewable = stored(&mut tx, cx.reviewable()?).await?;
    Ok(view(&reviewable, versions::stack(&mut tx, cx, reviewable.id).await?))
}

/// Changes what is given of a reviewable.
///
/// # Errors
/// *Invalid* for a bad name or a brief too long to be read.
pub async fn edit(app: &App, cx: &Context, form: &EditReviewable) -> Result<Reviewable, AppError> {
    let project = cx.project()?;
    let mut tx = app.db.write().await?;
    events::lock(&mut tx, project).await?;
    let mut reviewable = stored(&mut tx, cx.reviewable()?).await?;
    if let Some(name) = &form.name {
        reviewable.name = Name::new(name)?.as_str().to_owned();
    }
    if let Some(brief) = &form.brief {
        brief.check()?;
        reviewable.brief = brief.clone();
    }
    reviewables::update(&mut tx, &reviewable).await?;
    announce(&mut tx, &reviewable, cx.now()).await?;
    let view = view(&reviewable, versions::stack(&mut tx, cx, reviewable.id).await?);
    tx.commit().await?;
    app.bell.ring(project);
    Ok(view)
}

/// Tells the team that a reviewable is new or changed.
pub(crate) async fn announce(
    tx: &mut Tx,
    reviewable: &reviewables::Reviewable,
    now: Timestamp,
) -> Result<(), AppError> {
    let payload = serde_json::json!({"reviewable_id": reviewable.id.uuid()});
    // Without a version the event says nothing about whom it is shown to, so guests do not hear it.
    let event = NewEvent { kind: "reviewable_changed", version: None, audience: Audience::Team, payload };
    events::append(tx, reviewable.project, &event, now).await?;
    Ok(())
}

async fn stored(tx: &mut Tx, id: ReviewableId) -> Result<reviewables::Reviewable, AppError> {
    Ok(reviewables::by_id(tx, id).await?.ok_or_else(|| Refusal::not_found("reviewable"))?)
}

fn view(reviewable: &reviewables::Reviewable, versions: Vec<Version>) -> Reviewable {
    Reviewable {
        id: reviewable.id.uuid(),
        project_id: reviewable.project.uuid(),
        name: reviewable.name.clone(),
        brief: reviewable.brief.clone(),
        created_at: reviewable.created_at,
        versions,
    }
}
