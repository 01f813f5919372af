//! Resumable uploads by the tus protocol 1.0.0: one `PATCH` is one part.

use std::error::Error as _;

use axum::Json;
use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures::TryStreamExt as _;
use picturelock_api::Upload;
use picturelock_app::uploads::{self, NewUpload, Piece, Progress};
use picturelock_app::{App, AppError};
use picturelock_domain::people::Action;
use picturelock_domain::project::Stage;
use picturelock_store::Cause;
use utoipa_axum::routes;

use crate::api::Api;
use crate::error::{Answer, Failure, problem};
use crate::guard::{Entered, Web};
use crate::tus::{self, Checksum, ChecksumMismatch, Metadata, Refused};

pub fn add(api: Api) -> Api {
    api.guarded(Action::Upload, routes!(offer, list, begin)).guarded(Action::Upload, routes!(stand, write, give_up))
}

/// What uploads are offered. With `Upload-Length`, the part size is the one for a file of that size.
#[utoipa::path(options, path = "/api/projects/{project}/uploads", params(("project" = String, Path)), responses((status = 204)))]
async fn offer(State(app): State<App>, Entered(_): Entered, headers: HeaderMap) -> Result<Response, Refused> {
    let bytes = tus::number(&headers, &tus::LENGTH)?.unwrap_or_default();
    let mut response = empty(StatusCode::NO_CONTENT);
    for (name, value) in [
        ("tus-version", tus::VERSION.to_owned()),
        ("tus-extension", tus::EXTENSIONS.to_owned()),
        ("tus-checksum-algorithm", tus::CHECKSUMS.to_owned()),
        ("tus-max-size", app.settings.uploads.max_bytes.to_string()),
    ] {
        set(&mut response, HeaderName::from_static(name), &value);
    }
    set(&mut response, tus::PART_SIZE, &uploads::part_bytes(&app, bytes).to_string());
    Ok(response)
}

/// The person's unfinished uploads in the project.
#[utoipa::path(get, path = "/api/projects/{project}/uploads", params(("project" = String, Path)), responses((status = 200, body = Vec<Upload>)))]
async fn list(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Vec<Upload>>> {
    Ok(Json(uploads::list(&app, &cx).await?))
}

/// Begins an upload; the `Location` is where its parts go.
#[utoipa::path(post, path = "/api/projects/{project}/uploads", params(("project" = String, Path), ("Upload-Length" = u64, Header), ("Upload-Metadata" = String, Header)), responses((status = 201)))]
async fn begin(State(app): State<App>, Entered(cx): Entered, headers: HeaderMap) -> Result<Response, Refused> {
    speaks_tus(&headers)?;
    let form = new_upload(&headers)?;
    let begun = uploads::begin(&app, &cx, &form).await.map_err(answer)?;
    let mut response = empty(StatusCode::CREATED);
    let project = cx.project().map_err(|refusal| answer(refusal.into()))?;
    set(&mut response, header::LOCATION, &format!("/api/projects/{project}/uploads/{}", begun.id));
    describe(&mut response, &begun);
    Ok(response)
}

/// Where the upload stands.
#[utoipa::path(head, path = "/api/projects/{project}/uploads/{upload}", params(("project" = String, Path), ("upload" = String, Path)), responses((status = 200)))]
async fn stand(State(app): State<App>, Entered(cx): Entered, headers: HeaderMap) -> Result<Response, Refused> {
    speaks_tus(&headers)?;
    let standing = match uploads::standing(&app, &cx).await {
        // Clients take any other refusal here for the end of the upload and begin anew.
        Err(AppError::Store(picturelock_store::Error::Busy { .. })) => {
            return Err(Refused::from(problem(StatusCode::LOCKED, "busy", "The upload is just being completed.")));
        }
        standing => standing.map_err(answer)?,
    };
    let mut response = empty(StatusCode::OK);
    describe(&mut response, &standing);
    set(&mut response, tus::LENGTH, &standing.bytes.to_string());
    Ok(response)
}

/// Takes the next part of the file.
#[utoipa::path(patch, path = "/api/projects/{project}/uploads/{upload}", params(("project" = String, Path), ("upload" = String, Path), ("Upload-Offset" = u64, Header), ("Upload-Checksum" = Option<String>, Header)), request_body(content_type = "application/offset+octet-stream"), responses((status = 204), (status = 409), (status = 460)))]
async fn write(State(app): State<App>, web: Web, Entered(cx): Entered, request: Request) -> Result<Response, Refused> {
    let headers = request.headers();
    speaks_tus(headers)?;
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != "application/offset+octet-stream") {
        let words = "A part is sent as application/offset+octet-stream.";
        return Err(Refused::from(problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, "tus", words)));
    }
    let offset = tus::number(headers, &tus::OFFSET)?.ok_or_else(|| tus::bad("The header Upload-Offset is missing."))?;
    let checksum = Checksum::read(headers)?;
    let bytes = request.body().size_hint().exact();
    let body = request.into_body().into_data_stream().map_err(Cause::from);
    // A task of its own: a browser that goes away after its last byte must not undo what is safe already.
    let written = tokio::spawn(async move {
        match checksum {
            None => uploads::write(&app, &cx, Piece { offset, bytes, body }, &*web.clock).await,
            Some(checksum) => {
                let body = checksum.check(body);
                uploads::write(&app, &cx, Piece { offset, bytes, body }, &*web.clock).await
            }
        }
    });
    let written = written.await.map_err(|error| answer(AppError::Machine(error.to_string())))?;
    let mut response = empty(StatusCode::NO_CONTENT);
    describe(&mut response, &written.map_err(answer)?);
    Ok(response)
}

/// Gives the upload up and removes what has arrived.
#[utoipa::path(delete, path = "/api/projects/{project}/uploads/{upload}", params(("project" = String, Path), ("upload" = String, Path)), responses((status = 204)))]
async fn give_up(State(app): State<App>, Entered(cx): Entered, headers: HeaderMap) -> Result<Response, Refused> {
    speaks_tus(&headers)?;
    uploads::give_up(&app, &cx).await.map_err(answer)?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// Refuses other versions of the protocol. Who names none, such as our own pages, means ours.
fn speaks_tus(headers: &HeaderMap) -> Result<(), Refused> {
    if headers.get(tus::RESUMABLE).is_none_or(|version| version == tus::VERSION) {
        return Ok(());
    }
    let words = "This server speaks version 1.0.0 of the tus protocol.";
    let mut response = problem(StatusCode::PRECONDITION_FAILED, "tus", words);
    set(&mut response, HeaderName::from_static("tus-version"), tus::VERSION);
    Err(response.into())
}

fn new_upload(headers: &HeaderMap) -> Result<NewUpload, Refused> {
    let bytes = tus::number(headers, &tus::LENGTH)?
        .ok_or_else(|| tus::bad("The header Upload-Length is missing; a length told later is not supported."))?;
    let metadata = Metadata::read(headers)?;
    let reviewable = metadata.get("reviewable").map(str::parse).transpose();
    let stage = metadata.get("stage").map(|code| Stage::from_code(code).ok_or(())).transpose();
    Ok(NewUpload {
        bytes,
        file_name: metadata.get("filename").unwrap_or_default().to_owned(),
        relative_path: metadata.get("relative_path").map(ToOwned::to_owned),
        reviewable: reviewable.map_err(|_| tus::bad("The reviewable in Upload-Metadata is no id."))?,
        stage: stage.map_err(|()| tus::bad("There is no such stage as the one in Upload-Metadata."))?,
        fingerprint: metadata.get("fingerprint").map(ToOwned::to_owned),
    })
}

/// What went wrong, with the statuses the protocol has for it.
fn answer(error: AppError) -> Refused {
    let response = match error {
        AppError::Refused(refusal) if refusal.code == "too_large" => {
            problem(StatusCode::PAYLOAD_TOO_LARGE, refusal.code, &refusal.message)
        }
        AppError::Store(ref store) if store.source().is_some_and(|cause| cause.is::<ChecksumMismatch>()) => {
            let status = StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST);
            problem(status, "checksum", "The part arrived damaged. Send it again.")
        }
        error => Failure::from(error).into_response(),
    };
    response.into()
}

fn describe(response: &mut Response, progress: &Progress) {
    set(response, tus::OFFSET, &progress.received.to_string());
    set(response, tus::PART_SIZE, &progress.part_bytes.to_string());
    set(response, tus::EXPIRES, &tus::http_date(progress.expires_at));
    if let Some(version) = progress.version {
        set(response, tus::PICTURELOCK_VERSION, &version.to_string());
    }
}

fn empty(status: StatusCode) -> Response {
    let mut response = (status, Body::empty()).into_response();
    set(&mut response, tus::RESUMABLE, tus::VERSION);
    response
}

fn set(response: &mut Response, name: HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        response.headers_mut().insert(name, value);
    }
}
