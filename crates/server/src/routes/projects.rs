//! Projects and who belongs to them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use picturelock_api::{EditProject, Member, NewProject, Project};
use picturelock_app::{App, projects};
use picturelock_domain::people::Action;
use utoipa_axum::routes;

use crate::api::Api;
use crate::error::Answer;
use crate::guard::{Body422, Entered, done};

pub fn add(api: Api) -> Api {
    api.guarded(Action::ListProjects, routes!(list))
        .guarded(Action::CreateProject, routes!(create))
        .guarded(Action::ViewProject, routes!(get))
        .guarded(Action::EditProject, routes!(edit))
        .guarded(Action::ViewProject, routes!(members))
        .guarded(Action::EditProject, routes!(add_member, remove_member))
}

/// The projects the person belongs to.
#[utoipa::path(get, path = "/api/projects", responses((status = 200, body = Vec<Project>)))]
async fn list(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Vec<Project>>> {
    Ok(Json(projects::list(&app, &cx).await?))
}

/// Makes a project.
#[utoipa::path(post, path = "/api/projects", request_body = NewProject, responses((status = 201, body = Project)))]
async fn create(State(app): State<App>, Entered(cx): Entered, Body422(form): Body422<NewProject>) -> Answer<Response> {
    Ok((StatusCode::CREATED, Json(projects::create(&app, &cx, &form).await?)).into_response())
}

/// One project.
#[utoipa::path(get, path = "/api/projects/{project}", params(("project" = String, Path)), responses((status = 200, body = Project)))]
async fn get(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Project>> {
    Ok(Json(projects::get(&app, &cx).await?))
}

/// Changes what is given of a project.
#[utoipa::path(patch, path = "/api/projects/{project}", params(("project" = String, Path)), request_body = EditProject, responses((status = 200, body = Project)))]
async fn edit(
    State(app): State<App>,
    Entered(cx): Entered,
    Body422(form): Body422<EditProject>,
) -> Answer<Json<Project>> {
    Ok(Json(projects::edit(&app, &cx, &form).await?))
}

/// The people of the project.
#[utoipa::path(get, path = "/api/projects/{project}/people", params(("project" = String, Path)), responses((status = 200, body = Vec<Member>)))]
async fn members(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Vec<Member>>> {
    Ok(Json(projects::members(&app, &cx).await?))
}

/// Adds a person to the project.
#[utoipa::path(put, path = "/api/projects/{project}/people/{user}", params(("project" = String, Path), ("user" = String, Path)), responses((status = 204)))]
async fn add_member(State(app): State<App>, Entered(cx): Entered) -> Answer<Response> {
    projects::add_member(&app, &cx).await?;
    Ok(done())
}

/// Takes a person off the project.
#[utoipa::path(delete, path = "/api/projects/{project}/people/{user}", params(("project" = String, Path), ("user" = String, Path)), responses((status = 204)))]
async fn remove_member(State(app): State<App>, Entered(cx): Entered) -> Answer<Response> {
    projects::remove_member(&app, &cx).await?;
    Ok(done())
}
