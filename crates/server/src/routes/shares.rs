//! Share links, for the team.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use picturelock_api::{EditShare, Explain, Explanation, NewShare, Share, ShareLink};
use picturelock_app::{App, shares};
use picturelock_domain::people::Action;
use utoipa_axum::routes;

use crate::api::Api;
use crate::error::Answer;
use crate::guard::{Body422, Entered, done};

pub fn add(api: Api) -> Api {
    api.guarded(Action::ManageShares, routes!(list, create))
        .guarded(Action::ManageShares, routes!(edit, revoke))
        .guarded(Action::ManageShares, routes!(renew))
        .guarded(Action::ManageShares, routes!(explain))
}

/// The links of the project with who opened them.
#[utoipa::path(get, path = "/api/projects/{project}/shares", params(("project" = String, Path)), responses((status = 200, body = Vec<Share>)))]
async fn list(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Vec<Share>>> {
    Ok(Json(shares::list(&app, &cx).await?))
}

/// Makes a link; its secret is shown this once.
#[utoipa::path(post, path = "/api/projects/{project}/shares", params(("project" = String, Path)), request_body = NewShare, responses((status = 201, body = ShareLink)))]
async fn create(State(app): State<App>, Entered(cx): Entered, Body422(form): Body422<NewShare>) -> Answer<Response> {
    Ok((StatusCode::CREATED, Json(shares::create(&app, &cx, &form).await?)).into_response())
}

/// Changes what is given of a link.
#[utoipa::path(patch, path = "/api/projects/{project}/shares/{share}", params(("project" = String, Path), ("share" = String, Path)), request_body = EditShare, responses((status = 200, body = Share)))]
async fn edit(State(app): State<App>, Entered(cx): Entered, Body422(form): Body422<EditShare>) -> Answer<Json<Share>> {
    Ok(Json(shares::edit(&app, &cx, &form).await?))
}

/// Ends a link for good.
#[utoipa::path(delete, path = "/api/projects/{project}/shares/{share}", params(("project" = String, Path), ("share" = String, Path)), responses((status = 204)))]
async fn revoke(State(app): State<App>, Entered(cx): Entered) -> Answer<Response> {
    shares::revoke(&app, &cx).await?;
    Ok(done())
}

/// Gives a link a new secret; who came by the old one is out.
#[utoipa::path(post, path = "/api/projects/{project}/shares/{share}/renew-link", params(("project" = String, Path), ("share" = String, Path)), responses((status = 200, body = ShareLink)))]
async fn renew(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<ShareLink>> {
    Ok(Json(shares::renew(&app, &cx).await?))
}

/// Why somebody cannot open the link.
#[utoipa::path(post, path = "/api/projects/{project}/shares/{share}/explain", params(("project" = String, Path), ("share" = String, Path)), request_body = Explain, responses((status = 200, body = Explanation)))]
async fn explain(
    State(app): State<App>,
    Entered(cx): Entered,
    Body422(form): Body422<Explain>,
) -> Answer<Json<Explanation>> {
    Ok(Json(shares::explain(&app, &cx, &form).await?))
}
