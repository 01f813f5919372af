//! What a browser does that holds a share link.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use picturelock_api::{GuestPage, Introduce, OpenShare};
use picturelock_app::guests::{self, Browser};
use picturelock_app::{App, accounts};
use picturelock_domain::Refusal;
use picturelock_domain::people::Action;
use utoipa_axum::routes;

use super::session::user_agent;
use crate::api::Api;
use crate::cookies::Jar;
use crate::error::Answer;
use crate::guard::{Body422, Entered, Now, Web};

pub fn add(api: Api) -> Api {
    api.public("the secret of the link is the proof", routes!(open)).guarded(Action::UseLink, routes!(page, introduce))
}

/// Exchanges the secret of a share link for a guest's session.
#[utoipa::path(post, path = "/api/shares/{share}/open", params(("share" = String, Path)), request_body = OpenShare, responses((status = 200, body = GuestPage)))]
async fn open(
    State(app): State<App>,
    web: Web,
    Now(now): Now,
    Path(share): Path<String>,
    headers: HeaderMap,
    Body422(form): Body422<OpenShare>,
) -> Answer<Response> {
    let share = share.parse().map_err(|_| Refusal::not_found("link"))?;
    let token = web.transport.token(Jar::Guest, &headers);
    let browser = Browser { token: token.as_deref(), user_agent: user_agent(&headers) };
    let opened = guests::open(&app, share, &form, browser, now).await?;
    let cookie = web.transport.set(Jar::Guest, &opened.token, accounts::SESSION_LIFE.as_secs());
    Ok(([(header::SET_COOKIE, cookie)], Json(opened.page)).into_response())
}

/// The guest's first page.
#[utoipa::path(get, path = "/api/guest", responses((status = 200, body = GuestPage)))]
async fn page(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<GuestPage>> {
    Ok(Json(guests::page(&app, &cx).await?))
}

/// Records who the guest says they are.
#[utoipa::path(put, path = "/api/guest", request_body = Introduce, responses((status = 200, body = GuestPage)))]
async fn introduce(
    State(app): State<App>,
    Entered(cx): Entered,
    Body422(form): Body422<Introduce>,
) -> Answer<Json<GuestPage>> {
    Ok(Json(guests::introduce(&app, &cx, &form).await?))
}
