//! The server itself: health, set-up, what it runs on.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use picturelock_api::{Health, Me, SetUp, SetUpState, System};
use picturelock_app::{App, accounts, system};
use picturelock_domain::people::Action;
use utoipa_axum::routes;

use super::session::{signed_in, user_agent};
use crate::api::Api;
use crate::error::Answer;
use crate::guard::{Body422, Entered, Now, Web};

pub fn add(api: Api) -> Api {
    api.public("says only that the server answers", routes!(health))
        .public("needed before anybody can have an account", routes!(set_up_state, set_up))
        .guarded(Action::ViewSystem, routes!(system_page))
}

/// Whether the server answers.
#[utoipa::path(get, path = "/health", responses((status = 200, body = Health)))]
async fn health() -> Json<Health> {
    Json(Health { status: "ok".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() })
}

/// Whether the installation still needs its owner.
#[utoipa::path(get, path = "/api/setup", responses((status = 200, body = SetUpState)))]
async fn set_up_state(State(app): State<App>) -> Answer<Json<SetUpState>> {
    Ok(Json(system::set_up_state(&app).await?))
}

/// Makes the studio and its owner, once.
#[utoipa::path(post, path = "/api/setup", request_body = SetUp, responses((status = 201, body = Me)))]
async fn set_up(
    State(app): State<App>,
    web: Web,
    Now(now): Now,
    headers: HeaderMap,
    Body422(form): Body422<SetUp>,
) -> Answer<Response> {
    let made = accounts::set_up(&app, &form, user_agent(&headers), now).await?;
    Ok(signed_in(&web, made, StatusCode::CREATED))
}

/// What the server runs on.
#[utoipa::path(get, path = "/api/system", responses((status = 200, body = System)))]
async fn system_page(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<System>> {
    Ok(Json(system::facts(&app, &cx).await?))
}
