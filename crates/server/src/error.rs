//! Errors on the wire: the one place that decides the HTTP status.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use picturelock_api::Problem;
use picturelock_app::AppError;
use picturelock_domain::{Refusal, RefusalKind};

/// A failed request.
#[derive(Debug)]
pub struct Failure(AppError);

/// What a handler gives.
pub type Answer<T> = Result<T, Failure>;

impl<E: Into<AppError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self.0 {
            AppError::Refused(refusal) => refused(&refusal),
            AppError::Store(picturelock_store::Error::NoSpace { .. }) => {
                let words = self.0.to_string();
                refused(&Refusal::new(RefusalKind::NoSpace, "no_space", words))
            }
            AppError::Store(picturelock_store::Error::Interrupted { .. }) => {
                let words = "The file broke off on the way. Send this part again.";
                problem(StatusCode::REQUEST_TIMEOUT, "interrupted", words)
            }
            AppError::Store(picturelock_store::Error::Busy { .. }) => {
                problem(StatusCode::CONFLICT, "busy", "Another request is writing this file. Try again in a moment.")
            }
            error @ (AppError::Db(_) | AppError::Store(_) | AppError::Media(_) | AppError::Machine(_)) => {
                tracing::error!(%error, "a request failed");
                let words = "Something failed on the server; nothing was changed. Try again, and tell the operator if it stays.";
                problem(StatusCode::INTERNAL_SERVER_ERROR, "internal", words)
            }
        }
    }
}

/// A refusal as a response.
pub fn refused(refusal: &Refusal) -> Response {
    let status = match refusal.kind {
        RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        RefusalKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        RefusalKind::Forbidden => StatusCode::FORBIDDEN,
        RefusalKind::NotFound => StatusCode::NOT_FOUND,
        RefusalKind::Conflict => StatusCode::CONFLICT,
        RefusalKind::Gone => StatusCode::GONE,
        RefusalKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        RefusalKind::NoSpace => StatusCode::INSUFFICIENT_STORAGE,
    };
    problem(status, refusal.code, &refusal.message)
}

/// A response that says what was wrong.
pub fn problem(status: StatusCode, code: &str, detail: &str) -> Response {
    let body = Problem {
        r#type: "about:blank".to_owned(),
        title: status.canonical_reason().unwrap_or("Error").to_owned(),
        status: status.as_u16(),
        code: code.to_owned(),
        detail: detail.to_owned(),
    };
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

/// The answer where a handler panicked.
pub fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    problem(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something failed on the server; nothing was changed.")
}
