//! Comments, replies and the pictures kept with them.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use picturelock_api::{Comment, EditComment, NewComment, NewReply};
use picturelock_app::{App, comments};
use picturelock_domain::people::Action;
use utoipa_axum::routes;

use crate::api::Api;
use crate::error::Answer;
use crate::guard::{Body422, Entered, done};

pub fn add(api: Api) -> Api {
    api.guarded(Action::Watch, routes!(list))
        .guarded(Action::Comment, routes!(create))
        .guarded(Action::Comment, routes!(edit, delete))
        .guarded(Action::Comment, routes!(restore))
        .guarded(Action::Comment, routes!(reply))
        .guarded(Action::ResolveComment, routes!(resolve))
        .guarded(Action::ResolveComment, routes!(reopen))
        .guarded(Action::Watch, routes!(still))
}

/// The comments of a version, by frame, then time; guests never get team-only ones.
#[utoipa::path(get, path = "/api/projects/{project}/versions/{version}/comments", params(("project" = String, Path), ("version" = String, Path)), responses((status = 200, body = Vec<Comment>)))]
async fn list(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Vec<Comment>>> {
    Ok(Json(comments::list(&app, &cx).await?))
}

/// Writes a comment. The same client key again gives the same comment.
#[utoipa::path(post, path = "/api/projects/{project}/versions/{version}/comments", params(("project" = String, Path), ("version" = String, Path)), request_body = NewComment, responses((status = 201, body = Comment)))]
async fn create(State(app): State<App>, Entered(cx): Entered, Body422(form): Body422<NewComment>) -> Answer<Response> {
    Ok((StatusCode::CREATED, Json(comments::create(&app, &cx, &form).await?)).into_response())
}

/// Changes words or kind of a comment or reply; answers with the whole thread.
#[utoipa::path(patch, path = "/api/projects/{project}/comments/{comment}", params(("project" = String, Path), ("comment" = String, Path)), request_body = EditComment, responses((status = 200, body = Comment)))]
async fn edit(
    State(app): State<App>,
    Entered(cx): Entered,
    Body422(form): Body422<EditComment>,
) -> Answer<Json<Comment>> {
    Ok(Json(comments::edit(&app, &cx, &form).await?))
}

/// Deletes a comment with its replies, or a reply; restore brings it back.
#[utoipa::path(delete, path = "/api/projects/{project}/comments/{comment}", params(("project" = String, Path), ("comment" = String, Path)), responses((status = 204)))]
async fn delete(State(app): State<App>, Entered(cx): Entered) -> Answer<Response> {
    comments::delete(&app, &cx).await?;
    Ok(done())
}

/// Brings a deleted comment or reply back.
#[utoipa::path(post, path = "/api/projects/{project}/comments/{comment}/restore", params(("project" = String, Path), ("comment" = String, Path)), responses((status = 200, body = Comment)))]
async fn restore(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Comment>> {
    Ok(Json(comments::restore(&app, &cx).await?))
}

/// Answers a comment; the answer is the whole thread.
#[utoipa::path(post, path = "/api/projects/{project}/comments/{comment}/replies", params(("project" = String, Path), ("comment" = String, Path)), request_body = NewReply, responses((status = 201, body = Comment)))]
async fn reply(State(app): State<App>, Entered(cx): Entered, Body422(form): Body422<NewReply>) -> Answer<Response> {
    Ok((StatusCode::CREATED, Json(comments::reply(&app, &cx, &form).await?)).into_response())
}

/// Marks a comment as dealt with.
#[utoipa::path(post, path = "/api/projects/{project}/comments/{comment}/resolve", params(("project" = String, Path), ("comment" = String, Path)), responses((status = 200, body = Comment)))]
async fn resolve(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Comment>> {
    Ok(Json(comments::resolve(&app, &cx).await?))
}

/// Marks a comment as still to be dealt with.
#[utoipa::path(post, path = "/api/projects/{project}/comments/{comment}/reopen", params(("project" = String, Path), ("comment" = String, Path)), responses((status = 200, body = Comment)))]
async fn reopen(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Comment>> {
    Ok(Json(comments::reopen(&app, &cx).await?))
}

/// The picture of the comment's first frame.
#[utoipa::path(get, path = "/api/projects/{project}/comments/{comment}/still.jpg", params(("project" = String, Path), ("comment" = String, Path)), responses((status = 200, content_type = "image/jpeg", body = Vec<u8>)))]
async fn still(State(app): State<App>, Entered(cx): Entered) -> Answer<Response> {
    let picture = comments::still(&app, &cx).await?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"))], picture).into_response())
}
