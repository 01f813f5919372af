//! The door of every route: who asks, from where, about what.

use std::str::FromStr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use jiff::Timestamp;
use picturelock_app::{Actor, App, Context, Target};
use picturelock_domain::people::Action;
use picturelock_domain::{Refusal, RefusalKind};
use serde::de::DeserializeOwned;

use crate::cookies::{Jar, Transport};
use crate::error::{Failure, problem, refused};
use crate::live::Live;

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What every request needs.
#[derive(Clone)]
pub struct Web {
    /// The use cases.
    pub app: App,
    /// How cookies travel.
    pub transport: Transport,
    /// The time.
    pub clock: Clock,
    /// The streams of live events.
    pub live: Live,
}

/// The proof that the person may do what the route does.
pub struct Entered(pub Context);

/// The time of the request.
pub struct Now(pub Timestamp);

/// A JSON body; what cannot be read is refused in words.
pub struct Body422<T>(pub T);

impl<S: Sync> FromRequestParts<S> for Entered {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        // Only the guard puts a context there, and only guarded routes have handlers that ask for one.
        parts.extensions.remove::<Context>().map(Self).ok_or_else(|| {
            problem(StatusCode::INTERNAL_SERVER_ERROR, "internal", "This address has no door; tell the operator.")
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Web {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| problem(StatusCode::INTERNAL_SERVER_ERROR, "internal", "The server is not set up."))
    }
}

impl<S: Sync> FromRequestParts<S> for Now {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        Ok(Self((Web::from_request_parts(parts, state).await?.clock)()))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body422<T> {
    type Rejection = Response;
    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(problem(
                StatusCode::UNPROCESSABLE_ENTITY,
                "body",
                &format!("The request cannot be read: {}", rejection.body_text()),
            )),
        }
    }
}

/// Lets a request through to a public route unless another site made it.
pub async fn same_origin(request: Request, next: Next) -> Response {
    let checked = request.extensions().get::<Web>().map_or(Ok(()), |web| {
        check_origin(web, request.method(), request.headers())?;
        check_transport(web, request.headers())
    });
    match checked {
        Ok(()) => next.run(request).await,
        Err(refusal) => refused(&refusal),
    }
}

/// Lets a request through if the person may do `action` to what the address names.
pub async fn guard(action: Action, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match enter(action, &mut parts).await {
        Ok(context) => {
            parts.extensions.insert(context);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(response) => *response,
    }
}

async fn enter(action: Action, parts: &mut Parts) -> Result<Context, Box<Response>> {
    let web = Web::from_request_parts(parts, &()).await.map_err(Box::new)?;
    check_origin(&web, &parts.method, &parts.headers).map_err(|refusal| Box::new(refused(&refusal)))?;
    let target = target(parts).await?;
    let now = (web.clock)();
    let entered = async {
        let actor = actor(&web, action, parts, now).await?;
        web.app.enter(actor, action, target, now).await
    };
    entered.await.map_err(|error| Box::new(axum::response::IntoResponse::into_response(Failure::from(error))))
}

async fn actor(web: &Web, action: Action, parts: &Parts, now: Timestamp) -> Result<Actor, picturelock_app::AppError> {
    for &jar in jars(action, parts) {
        if let Some(token) = web.transport.token(jar, &parts.headers) {
            let actor = web.app.actor(&token, now).await?;
            if *actor.principal() != picturelock_domain::people::Principal::Anonymous {
                return Ok(actor);
            }
        }
    }
    Ok(Actor::anonymous())
}

/// Which sessions count, in order. A page opened by a share link says that it asks as a guest.
fn jars(action: Action, parts: &Parts) -> &'static [Jar] {
    // A guest has no account and an account no link: they are asked to come in, not told that they may not.
    match action {
        Action::UseAccount => return &[Jar::Account],
        Action::UseLink => return &[Jar::Guest],
        _ => {}
    }
    let as_guest = parts.headers.get("x-picturelock-as").is_some_and(|value| value == "guest")
        || parts.uri.query().is_some_and(|query| query.split('&').any(|pair| pair == "as=guest"));
    if as_guest { &[Jar::Guest] } else { &[Jar::Account, Jar::Guest] }
}

/// Refuses requests that another site's page made (ASVS 3.5): they cannot set our header, and browsers say
/// where they come from. Behind a reverse proxy that is the public address, not the host we are asked for.
fn check_origin(web: &Web, method: &Method, headers: &HeaderMap) -> Result<(), Refusal> {
    if [Method::GET, Method::HEAD, Method::OPTIONS].contains(method) {
        return Ok(());
    }
    let foreign_site = text(headers, "sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none");
    let host = text(headers, "host").unwrap_or_default();
    let foreign_origin = text(headers, "origin").is_some_and(|origin| {
        origin.split_once("://").map(|(_, host)| host) != Some(host) && origin != web.app.settings.public_url
    });
    if !headers.contains_key("x-picturelock") || foreign_site || foreign_origin {
        return Err(Refusal::forbidden("Requests that change something must come from Picturelock's own pages."));
    }
    Ok(())
}

/// Refuses to begin a session that the browser would not keep: it drops secure cookies that come over plain HTTP,
/// unless from this very machine.
fn check_transport(web: &Web, headers: &HeaderMap) -> Result<(), Refusal> {
    let plain = text(headers, "origin").and_then(|origin| origin.strip_prefix("http://"));
    let elsewhere = plain.is_some_and(|host| {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        !["localhost", "127.0.0.1", "[::1]"].contains(&name) && !name.ends_with(".localhost")
    });
    match web.transport {
        Transport::Secure if elsewhere => Err(Refusal::new(
            RefusalKind::Forbidden,
            "plain_http",
            "This page came over plain HTTP, so your browser would not keep you signed in. Use HTTPS, or, on a \
             network you trust, start the server with --allow-plain-http.",
        )),
        Transport::Secure | Transport::Plain => Ok(()),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

async fn target(parts: &mut Parts) -> Result<Target, Box<Response>> {
    let mut target = Target::default();
    let Ok(params) = RawPathParams::from_request_parts(parts, &()).await else { return Ok(target) };
    for (name, value) in &params {
        match name {
            "project" => target.project = Some(id(value)?),
            "reviewable" => target.reviewable = Some(id(value)?),
            "version" => target.version = Some(id(value)?),
            "comment" => target.comment = Some(id(value)?),
            "share" => target.share = Some(id(value)?),
            "upload" => target.upload = Some(id(value)?),
            "job" => target.job = Some(id(value)?),
            "user" => target.person = Some(id(value)?),
            "session" => target.session = Some(id(value)?),
            "invitation" => target.invitation = Some(id(value)?),
            _ => {}
        }
    }
    Ok(target)
}

/// What is no id names nothing.
fn id<T: FromStr>(text: &str) -> Result<T, Box<Response>> {
    text.parse().map_err(|_| Box::new(refused(&Refusal::not_found("page"))))
}

/// A body of nothing, for answers that only say it is done.
pub fn done() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}
