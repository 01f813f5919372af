//! Background work: what is going on, stopping it, trying again.

use axum::Json;
use axum::extract::State;
use picturelock_api::Job;
use picturelock_app::App;
use picturelock_app::jobs::tray;
use picturelock_domain::people::Action;
use utoipa_axum::routes;

use crate::api::Api;
use crate::error::Answer;
use crate::guard::Entered;

pub fn add(api: Api) -> Api {
    api.guarded(Action::ListProjects, routes!(of_person))
        .guarded(Action::ViewProject, routes!(of_project))
        .guarded(Action::ControlJobs, routes!(cancel))
        .guarded(Action::ControlJobs, routes!(retry))
}

/// The jobs of all projects the person belongs to: running and waiting ones, and the last that ended.
#[utoipa::path(get, path = "/api/jobs", responses((status = 200, body = Vec<Job>)))]
async fn of_person(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Vec<Job>>> {
    Ok(Json(tray::of_person(&app, &cx).await?))
}

/// The jobs of the project: running and waiting ones, and the last that ended.
#[utoipa::path(get, path = "/api/projects/{project}/jobs", params(("project" = String, Path)), responses((status = 200, body = Vec<Job>)))]
async fn of_project(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Vec<Job>>> {
    Ok(Json(tray::of_project(&app, &cx).await?))
}

/// Stops a job.
#[utoipa::path(post, path = "/api/projects/{project}/jobs/{job}/cancel", params(("project" = String, Path), ("job" = String, Path)), responses((status = 200, body = Job)))]
async fn cancel(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Job>> {
    Ok(Json(tray::cancel(&app, &cx).await?))
}

/// Tries a job again that failed or was cancelled.
#[utoipa::path(post, path = "/api/projects/{project}/jobs/{job}/retry", params(("project" = String, Path), ("job" = String, Path)), responses((status = 200, body = Job)))]
async fn retry(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Job>> {
    Ok(Json(tray::retry(&app, &cx).await?))
}
