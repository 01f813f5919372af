//! Projects and who belongs to them.

use picturelock_api::{EditProject, LatestVersion, Member, NewProject, Project};
use picturelock_db::events::{self, NewEvent};
use picturelock_db::summaries::{self, Summary};
use picturelock_db::{Tx, accounts, projects};
use picturelock_domain::Refusal;
use picturelock_domain::frame::{DropFrame, FrameRate, Timecode};
use picturelock_domain::id::ProjectId;
use picturelock_domain::people::{Principal, Role};
use picturelock_domain::review::Audience;
use picturelock_domain::text::Name;

use crate::accounts::user_view;
use crate::{App, AppError, Context, versions};

/// The projects the person belongs to; owners see all.
///
/// # Errors
/// When the database is out of reach.
pub async fn list(app: &App, cx: &Context) -> Result<Vec<Project>, AppError> {
    let mut tx = app.db.read().await?;
    let found = match *cx.principal() {
        Principal::Account { role: Role::Owner, .. } | Principal::Operator => projects::all(&mut tx).await?,
        Principal::Account { user, .. } => projects::of_member(&mut tx, user).await?,
        Principal::Guest { .. } | Principal::Anonymous => Vec::new(),
    };
    let mut summaries = summaries::of(&mut tx, None).await?;
    Ok(found.iter().map(|project| summarised(project, summaries.remove(&project.id).unwrap_or_default())).collect())
}

/// Makes a project; its maker is its first member.
///
/// # Errors
/// *Invalid* for a bad name or start label.
pub async fn create(app: &App, cx: &Context, form: &NewProject) -> Result<Project, AppError> {
    let new = projects::Project {
        id: ProjectId::from_uuid(cx.new_id()),
        name: Name::new(&form.name)?.as_str().to_owned(),
        client: Name::new(&form.client)?.as_str().to_owned(),
        frame_rate: form.frame_rate,
        start_timecode: start_label(form.start_timecode.as_deref(), form.frame_rate)?,
        created_at: cx.now(),
    };
    let mut tx = app.db.write().await?;
    projects::insert(&mut tx, &new, cx.user()?).await?;
    let view = view(&mut tx, &new).await?;
    tx.commit().await?;
    Ok(view)
}

/// One project.
///
/// # Errors
/// When the database is out of reach.
pub async fn get(app: &App, cx: &Context) -> Result<Project, AppError> {
    let mut tx = app.db.read().await?;
    let project = stored(&mut tx, cx).await?;
    view(&mut tx, &project).await
}

/// Changes what is given of a project.
///
/// # Errors
/// *Invalid* for a bad name or start label.
pub async fn edit(app: &App, cx: &Context, form: &EditProject) -> Result<Project, AppError> {
    let mut tx = app.db.write().await?;
    let mut project = stored(&mut tx, cx).await?;
    if let Some(name) = &form.name {
        project.name = Name::new(name)?.as_str().to_owned();
    }
    if let Some(client) = &form.client {
        project.client = Name::new(client)?.as_str().to_owned();
    }
    project.frame_rate = form.frame_rate.or(project.frame_rate);
    if let Some(label) = &form.start_timecode {
        project.start_timecode = start_label(Some(label), project.frame_rate)?;
    }
    projects::update(&mut tx, &project).await?;
    let view = view(&mut tx, &project).await?;
    changed(&mut tx, cx, project.id).await?;
    tx.commit().await?;
    app.bell.ring(project.id);
    Ok(view)
}

/// The people of the project.
///
/// # Errors
/// When the database is out of reach.
pub async fn members(app: &App, cx: &Context) -> Result<Vec<Member>, AppError> {
    let mut tx = app.db.read().await?;
    let members = projects::members(&mut tx, cx.project()?).await?;
    Ok(members.iter().map(|(account, added_at)| Member { user: user_view(account), added_at: *added_at }).collect())
}

/// Adds a person to the project.
///
/// # Errors
/// *Not found* when there is no such account.
pub async fn add_member(app: &App, cx: &Context) -> Result<(), AppError> {
    let (project, person) = (cx.project()?, cx.person()?);
    let mut tx = app.db.write().await?;
    accounts::by_id(&mut tx, person).await?.ok_or_else(|| Refusal::not_found("person"))?;
    projects::add_member(&mut tx, project, person, cx.now()).await?;
    changed(&mut tx, cx, project).await?;
    tx.commit().await?;
    app.bell.ring(project);
    Ok(())
}

/// Takes a person off the project.
///
/// # Errors
/// *Not found* when they are not on it.
pub async fn remove_member(app: &App, cx: &Context) -> Result<(), AppError> {
    let (project, person) = (cx.project()?, cx.person()?);
    let mut tx = app.db.write().await?;
    if !projects::remove_member(&mut tx, project, person).await? {
        return Err(Refusal::not_found("person in this project").into());
    }
    changed(&mut tx, cx, project).await?;
    tx.commit().await?;
    app.bell.ring(project);
    Ok(())
}

async fn stored(tx: &mut Tx, cx: &Context) -> Result<projects::Project, AppError> {
    Ok(projects::by_id(tx, cx.project()?).await?.ok_or_else(|| Refusal::not_found("project"))?)
}

async fn changed(tx: &mut Tx, cx: &Context, project: ProjectId) -> Result<(), AppError> {
    let payload = serde_json::json!({});
    let event = NewEvent { kind: "project_changed", version: None, audience: Audience::Team, payload };
    events::append(tx, project, &event, cx.now()).await?;
    Ok(())
}

async fn view(tx: &mut Tx, project: &projects::Project) -> Result<Project, AppError> {
    let summary = summaries::of(tx, Some(project.id)).await?.remove(&project.id).unwrap_or_default();
    Ok(summarised(project, summary))
}

fn summarised(project: &projects::Project, summary: Summary) -> Project {
    Project {
        id: project.id.uuid(),
        name: project.name.clone(),
        client: project.client.clone(),
        frame_rate: project.frame_rate,
        start_timecode: project.start_timecode.clone(),
        created_at: project.created_at,
        member_count: summary.members,
        reviewable_count: summary.reviewables,
        open_comment_count: summary.open_notes,
        latest: summary.latest.map(|latest| LatestVersion {
            reviewable_id: latest.reviewable.uuid(),
            reviewable_name: latest.name,
            stage: latest.stage,
            version_id: latest.version.uuid(),
            number: latest.number,
            state: versions::state(&latest.state).0,
            review: latest.review,
            has_poster: latest.has_media,
            answer_by: latest.answer_by,
        }),
    }
}

/// Reads a start label at the project's rate; the empty text means none.
fn start_label(label: Option<&str>, rate: Option<FrameRate>) -> Result<Option<String>, Refusal> {
    let Some(label) = label.map(str::trim).filter(|label| !label.is_empty()) else { return Ok(None) };
    let rate = rate.ok_or_else(|| {
        Refusal::invalid("start_timecode", "Choose the frame rate before the start timecode: labels depend on it.")
    })?;
    let drop = if label.contains([';', ',']) { DropFrame::Drop } else { DropFrame::NonDrop };
    let labels = Timecode::new(rate, drop).map_err(|error| Refusal::invalid("start_timecode", error.to_string()))?;
    let frames = labels.parse(label).map_err(|error| Refusal::invalid("start_timecode", error.to_string()))?;
    Ok(Some(labels.label(frames.into())))
}
