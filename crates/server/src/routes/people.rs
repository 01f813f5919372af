//! The people of the studio and invitations.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use picturelock_api::{
    AcceptInvitation, EditPerson, Invitation, InvitationOffer, InvitationToken, Me, NewInvitation, NewInvitationLink,
    Person,
};
use picturelock_app::{App, people};
use picturelock_domain::people::Action;
use utoipa_axum::routes;

use super::session::{signed_in, user_agent};
use crate::api::Api;
use crate::error::Answer;
use crate::guard::{Body422, Entered, Now, Web, done};

pub fn add(api: Api) -> Api {
    api.guarded(Action::ListPeople, routes!(list))
        .guarded(Action::ManagePeople, routes!(edit))
        .guarded(Action::ManagePeople, routes!(invitations, invite))
        .guarded(Action::ManagePeople, routes!(withdraw))
        .public("whoever holds the secret link was invited", routes!(look_up))
        .public("whoever holds the secret link was invited", routes!(accept))
}

/// Everybody with an account.
#[utoipa::path(get, path = "/api/people", responses((status = 200, body = Vec<Person>)))]
async fn list(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Vec<Person>>> {
    Ok(Json(people::list(&app, &cx).await?))
}

/// Changes a person's role, or blocks them.
#[utoipa::path(patch, path = "/api/people/{user}", params(("user" = String, Path)), request_body = EditPerson, responses((status = 200, body = Person)))]
async fn edit(
    State(app): State<App>,
    Entered(cx): Entered,
    Body422(form): Body422<EditPerson>,
) -> Answer<Json<Person>> {
    Ok(Json(people::edit(&app, &cx, &form).await?))
}

/// The invitations that were not withdrawn.
#[utoipa::path(get, path = "/api/invitations", responses((status = 200, body = Vec<Invitation>)))]
async fn invitations(State(app): State<App>, Entered(cx): Entered) -> Answer<Json<Vec<Invitation>>> {
    Ok(Json(people::invitations(&app, &cx).await?))
}

/// Invites somebody; the link is shown once.
#[utoipa::path(post, path = "/api/invitations", request_body = NewInvitation, responses((status = 201, body = NewInvitationLink)))]
async fn invite(
    State(app): State<App>,
    Entered(cx): Entered,
    Body422(form): Body422<NewInvitation>,
) -> Answer<Response> {
    Ok((StatusCode::CREATED, Json(people::invite(&app, &cx, &form).await?)).into_response())
}

/// Takes an invitation back.
#[utoipa::path(delete, path = "/api/invitations/{invitation}", params(("invitation" = String, Path)), responses((status = 204)))]
async fn withdraw(State(app): State<App>, Entered(cx): Entered) -> Answer<Response> {
    people::withdraw(&app, &cx).await?;
    Ok(done())
}

/// What an invitation offers.
#[utoipa::path(post, path = "/api/invitations/look-up", request_body = InvitationToken, responses((status = 200, body = InvitationOffer)))]
async fn look_up(
    State(app): State<App>,
    Now(now): Now,
    Body422(form): Body422<InvitationToken>,
) -> Answer<Json<InvitationOffer>> {
    Ok(Json(people::look_up(&app, &form.token, now).await?))
}

/// Makes the account an invitation offers.
#[utoipa::path(post, path = "/api/invitations/accept", request_body = AcceptInvitation, responses((status = 201, body = Me)))]
async fn accept(
    State(app): State<App>,
    web: Web,
    Now(now): Now,
    headers: HeaderMap,
    Body422(form): Body422<AcceptInvitation>,
) -> Answer<Response> {
    let made = people::accept(&app, &form, user_agent(&headers), now).await?;
    Ok(signed_in(&web, made, StatusCode::CREATED))
}
