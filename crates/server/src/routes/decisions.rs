//! Decisions, and what was watched before them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use picturelock_api::{Decision, NewDecision, Watched, WatchedRanges};
use picturelock_app::{App, decisions, watching};
use picturelock_domain::people::Action;
use utoipa_axum::routes;

use crate::api::Api;
use crate::error::Answer;
use crate::guard::{Body422, Entered};

pub fn add(api: Api) -> Api {
    api.guarded(Action::Watch, routes!(list))
        .guarded(Action::Decide, routes!(record))
        .guarded(Action::Watch, routes!(watched))
}

/// The decisions on the version, newest first.
#[utoipa::path(get, path = "/api/projects/{project}/versions/{version}/decisions", params(("project" = String, Path), ("version" = String, Path)), responses((status = 200, body = Vec<Decision>)))]
async fn list(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Vec<Decision>>> {
    Ok(Json(decisions::list(&app, &cx).await?))
}

/// Records a decision on the file that was displayed.
#[utoipa::path(post, path = "/api/projects/{project}/versions/{version}/decisions", params(("project" = String, Path), ("version" = String, Path)), request_body = NewDecision, responses((status = 201, body = Decision)))]
async fn record(State(app): State<App>, Entered(cx): Entered, Body422(form): Body422<NewDecision>) -> Answer<Response> {
    Ok((StatusCode::CREATED, Json(decisions::record(&app, &cx, &form).await?)).into_response())
}

/// Adds what the person has just watched.
#[utoipa::path(post, path = "/api/projects/{project}/versions/{version}/watched", params(("project" = String, Path), ("version" = String, Path)), request_body = WatchedRanges, responses((status = 200, body = Watched)))]
async fn watched(
    State(app): State<App>,
    Entered(cx): Entered,
    Body422(form): Body422<WatchedRanges>,
) -> Answer<Json<Watched>> {
    Ok(Json(watching::add(&app, &cx, &form).await?))
}
