//! Signing in and out, one's own account.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use picturelock_api::{ChangePassword, Device, Me, SignIn};
use picturelock_app::{App, accounts};
use picturelock_domain::people::Action;
use utoipa_axum::routes;

use crate::api::Api;
use crate::cookies::Jar;
use crate::error::Answer;
use crate::guard::{Body422, Entered, Now, Web, done};

pub fn add(api: Api) -> Api {
    api.public("signing in", routes!(sign_in))
        .guarded(Action::UseAccount, routes!(me, sign_out))
        .guarded(Action::UseAccount, routes!(devices))
        .guarded(Action::UseAccount, routes!(end_device))
        .guarded(Action::UseAccount, routes!(change_password))
}

/// Signs in with email and password.
#[utoipa::path(post, path = "/api/session", request_body = SignIn, responses((status = 200, body = Me)))]
async fn sign_in(
    State(app): State<App>,
    web: Web,
    Now(now): Now,
    headers: HeaderMap,
    Body422(form): Body422<SignIn>,
) -> Answer<Response> {
    let made = accounts::sign_in(&app, &form, user_agent(&headers), now).await?;
    Ok(signed_in(&web, made, StatusCode::OK))
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/session", responses((status = 200, body = Me)))]
async fn me(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Me>> {
    Ok(Json(accounts::me(&app, &cx).await?))
}

/// Signs out.
#[utoipa::path(delete, path = "/api/session", responses((status = 204)))]
async fn sign_out(State(app): State<App>, web: Web, Entered(cx): Entered) -> Answer<Response> {
    accounts::sign_out(&app, &cx).await?;
    let mut response = done();
    response.headers_mut().append(header::SET_COOKIE, web.transport.set(Jar::Account, "", 0));
    Ok(response)
}

/// The browsers signed in to the account.
#[utoipa::path(get, path = "/api/devices", responses((status = 200, body = Vec<Device>)))]
async fn devices(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Vec<Device>>> {
    Ok(Json(accounts::devices(&app, &cx).await?))
}

/// Signs a browser out.
#[utoipa::path(delete, path = "/api/devices/{session}", params(("session" = String, Path)), responses((status = 204)))]
async fn end_device(State(app): State<App>, Entered(cx): Entered) -> Answer<Response> {
    accounts::end_device(&app, &cx).await?;
    Ok(done())
}

/// Changes the password and signs every other browser out.
#[utoipa::path(put, path = "/api/password", request_body = ChangePassword, responses((status = 204)))]
async fn change_password(
    State(app): State<App>,
    Entered(cx): Entered,
    Body422(form): Body422<ChangePassword>,
) -> Answer<Response> {
    accounts::change_password(&app, &cx, &form).await?;
    Ok(done())
}

/// What the browser calls itself.
pub fn user_agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("unknown")
}

/// The answer that hands out an account's session.
pub fn signed_in(web: &Web, made: accounts::SignedIn, status: StatusCode) -> Response {
    let cookie = web.transport.set(Jar::Account, &made.token, accounts::SESSION_LIFE.as_secs());
    (status, [(header::SET_COOKIE, cookie)], Json(made.me)).into_response()
}
