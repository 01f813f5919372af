//! Versions and what was made of them.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use picturelock_api::{FrameTable, Version};
use picturelock_app::{App, versions};
use picturelock_domain::people::Action;
use utoipa_axum::routes;

use crate::api::Api;
use crate::error::Answer;
use crate::guard::{Entered, Web, done};
use crate::streaming::{Asked, Shape, stream};

pub fn add(api: Api) -> Api {
    api.guarded(Action::Watch, routes!(get))
        .guarded(Action::DeleteVersion, routes!(delete))
        .guarded(Action::Watch, routes!(frame_table))
        .guarded(Action::Watch, routes!(media))
        .guarded(Action::Download, routes!(original))
}

/// One version.
#[utoipa::path(get, path = "/api/projects/{project}/versions/{version}", params(("project" = String, Path), ("version" = String, Path)), responses((status = 200, body = Version)))]
async fn get(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Version>> {
    Ok(Json(versions::get(&app, &cx).await?))
}

/// Deletes the files of a version; its notes stay.
#[utoipa::path(delete, path = "/api/projects/{project}/versions/{version}", params(("project" = String, Path), ("version" = String, Path)), responses((status = 204)))]
async fn delete(State(app): State<App>, Entered(cx): Entered) -> Answer<Response> {
    versions::delete(&app, &cx).await?;
    Ok(done())
}

/// When each frame of a version is shown.
#[utoipa::path(get, path = "/api/projects/{project}/versions/{version}/frame-table", params(("project" = String, Path), ("version" = String, Path)), responses((status = 200, body = FrameTable)))]
async fn frame_table(State(app): State<App>, Entered(cx): Entered, headers: HeaderMap) -> Answer<Response> {
    // A version's file never changes, so its table does not either.
    let tag = HeaderValue::from_str(&format!("\"{}\"", cx.version()?)).ok();
    let table = versions::frame_table(&app, &cx).await?;
    let known = headers.get(header::IF_NONE_MATCH);
    let mut response = match known.is_some() && known == tag.as_ref() {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Json(table).into_response(),
    };
    let kept = HeaderValue::from_static("private, max-age=31536000, immutable");
    response.headers_mut().insert(header::CACHE_CONTROL, kept);
    response.headers_mut().extend(tag.map(|tag| (header::ETAG, tag)));
    Ok(response)
}

/// A file made from a version, by the name its `media` lists; in ranges.
#[utoipa::path(get, path = "/api/projects/{project}/versions/{version}/media/{name}", params(("project" = String, Path), ("version" = String, Path), ("name" = String, Path)), responses((status = 200), (status = 206), (status = 304), (status = 416)))]
async fn media(
    State(app): State<App>,
    web: Web,
    Entered(cx): Entered,
    Path((_, _, name)): Path<(String, String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Answer<Response> {
    let blob = versions::media(&app, &cx, &name).await?;
    stream(web, cx, blob, Shape::Inline, &Asked { method, headers }).await
}

/// The file as it was uploaded, to be saved; in ranges.
#[utoipa::path(get, path = "/api/projects/{project}/versions/{version}/original", params(("project" = String, Path), ("version" = String, Path)), responses((status = 200), (status = 206), (status = 304), (status = 416)))]
async fn original(
    State(app): State<App>,
    web: Web,
    Entered(cx): Entered,
    method: Method,
    headers: HeaderMap,
) -> Answer<Response> {
    let blob = versions::original(&app, &cx).await?;
    stream(web, cx, blob, Shape::Attachment, &Asked { method, headers }).await
}
