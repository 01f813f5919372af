//! Live events.

use axum::body::Body;
use axum::extract::Query;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use picturelock_api::Event;
use picturelock_domain::Refusal;
use picturelock_domain::people::Action;
use serde::Deserialize;
use utoipa_axum::routes;

use crate::api::Api;
use crate::error::Answer;
use crate::guard::{Entered, Web};
use crate::live::stream;

/// Where to begin.
#[derive(Deserialize)]
struct Begin {
    after: Option<String>,
}

pub fn add(api: Api) -> Api {
    api.guarded(Action::Watch, routes!(listen))
}

/// The project's changes as they happen, as server-sent events: those after the event named by `Last-Event-ID` or
/// `after`, else those from now on. When the person may no longer listen, an event `ended` says why.
#[utoipa::path(get, path = "/api/projects/{project}/events", params(("project" = String, Path), ("after" = Option<i64>, Query), ("Last-Event-ID" = Option<i64>, Header)), responses((status = 200, content_type = "text/event-stream", body = Event)))]
async fn listen(web: Web, Entered(cx): Entered, Query(begin): Query<Begin>, headers: HeaderMap) -> Answer<Response> {
    let last = headers.get("last-event-id").map(|id| id.to_str().unwrap_or_default().to_owned());
    let after = last.or(begin.after).filter(|after| !after.is_empty()).map(|after| number(&after)).transpose()?;
    let body = Body::from_stream(stream(web, cx, after).await?);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        // Proxies that gather answers before they pass them on would hold the events back.
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    Ok((headers, body).into_response())
}

fn number(text: &str) -> Result<i64, Refusal> {
    text.trim().parse().map_err(|_| Refusal::invalid("after", "Live events resume after a number; this is none."))
}
