//! Reviewables: the things under review.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use picturelock_api::{EditReviewable, NewReviewable, Reviewable};
use picturelock_app::{App, reviewables};
use picturelock_domain::people::Action;
use utoipa_axum::routes;

use crate::api::Api;
use crate::error::Answer;
use crate::guard::{Body422, Entered};

pub fn add(api: Api) -> Api {
    api.guarded(Action::ViewProject, routes!(list))
        .guarded(Action::Upload, routes!(create))
        .guarded(Action::ViewProject, routes!(get))
        .guarded(Action::EditProject, routes!(edit))
}

/// The reviewables of a project with their versions.
#[utoipa::path(get, path = "/api/projects/{project}/reviewables", params(("project" = String, Path)), responses((status = 200, body = Vec<Reviewable>)))]
async fn list(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Vec<Reviewable>>> {
    Ok(Json(reviewables::list(&app, &cx).await?))
}

/// Makes a reviewable.
#[utoipa::path(post, path = "/api/projects/{project}/reviewables", params(("project" = String, Path)), request_body = NewReviewable, responses((status = 201, body = Reviewable)))]
async fn create(
    State(app): State<App>,
    Entered(cx): Entered,
    Body422(form): Body422<NewReviewable>,
) -> Answer<Response> {
    Ok((StatusCode::CREATED, Json(reviewables::create(&app, &cx, &form).await?)).into_response())
}

/// One reviewable with its versions.
#[utoipa::path(get, path = "/api/projects/{project}/reviewables/{reviewable}", params(("project" = String, Path), ("reviewable" = String, Path)), responses((status = 200, body = Reviewable)))]
async fn get(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Reviewable>> {
    Ok(Json(reviewables::get(&app, &cx).await?))
}

/// Changes what is given of a reviewable.
#[utoipa::path(patch, path = "/api/projects/{project}/reviewables/{reviewable}", params(("project" = String, Path), ("reviewable" = String, Path)), request_body = EditReviewable, responses((status = 200, body = Reviewable)))]
async fn edit(
    State(app): State<App>,
    Entered(cx): Entered,
    Body422(form): Body422<EditReviewable>,
) -> Answer<Json<Reviewable>> {
    Ok(Json(reviewables::edit(&app, &cx, &form).await?))
}
