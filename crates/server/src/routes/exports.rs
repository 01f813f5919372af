//! Comments out to editing programs.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use picturelock_api::Exports;
use picturelock_app::App;
use picturelock_app::exports::{self, Start};
use picturelock_domain::frame::DropFrame;
use picturelock_domain::people::Action;
use serde::Deserialize;
use utoipa_axum::routes;

use crate::api::Api;
use crate::error::Answer;
use crate::guard::Entered;
use crate::headers::USER_CONTENT_POLICY;
use crate::streaming::attachment;

/// Where the timeline begins.
#[derive(Deserialize)]
struct Asked {
    start: Option<String>,
    drop: Option<bool>,
}

/// The word for the format, beside the ids that the door has read.
#[derive(Deserialize)]
struct Named {
    format: String,
}

pub fn add(api: Api) -> Api {
    api.guarded(Action::ExportComments, routes!(list)).guarded(Action::ExportComments, routes!(file))
}

/// What the comments of a version can be exported as, and what each format cannot hold.
#[utoipa::path(get, path = "/api/projects/{project}/versions/{version}/exports", params(("project" = String, Path), ("version" = String, Path)), responses((status = 200, body = Exports)))]
async fn list(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Exports>> {
    Ok(Json(exports::list(&app, &cx).await?))
}

/// The comments of a version as markers; several files come as a ZIP archive.
#[utoipa::path(get, path = "/api/projects/{project}/versions/{version}/exports/{format}", params(("project" = String, Path), ("version" = String, Path), ("format" = String, Path), ("start" = Option<String>, Query), ("drop" = Option<bool>, Query)), responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>)))]
async fn file(
    State(app): State<App>,
    Entered(cx): Entered,
    Path(named): Path<Named>,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let drop_frame = asked.drop.map(|drop| if drop { DropFrame::Drop } else { DropFrame::NonDrop });
    let start = Start { label: asked.start, drop_frame };
    let export = exports::file(&app, &cx, &named.format, &start).await?;
    let headers = [
        (header::CONTENT_TYPE, export.content_type.to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&export.file.name)),
        (header::CONTENT_SECURITY_POLICY, USER_CONTENT_POLICY.to_owned()),
    ];
    Ok((headers, export.file.bytes).into_response())
}
