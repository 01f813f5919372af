//! The web app inside the binary: hashed files for ever, the page itself always fresh.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use rust_embed::RustEmbed;
use tower_http::compression::CompressionLayer;

use crate::error::problem;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// The web app at every address that is nothing else. It holds no secrets, so it may be compressed; answers of the API
/// mix secrets with words of others and are not.
pub fn app() -> Router {
    Router::new().fallback(serve).layer(CompressionLayer::new())
}

/// A file of the web app, or its page for every address that is one of its screens.
async fn serve(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if path.starts_with("api/") || ![Method::GET, Method::HEAD].contains(request.method()) {
        return problem(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address.");
    }
    let (name, cache) = match Files::get(path) {
        Some(_) if path.starts_with("assets/") => (path, "public, max-age=31536000, immutable"),
        Some(_) if !path.is_empty() => (path, "no-cache"),
        Some(_) | None => ("index.html", "no-cache"),
    };
    let Some(file) = Files::get(name) else {
        return problem(StatusCode::NOT_FOUND, "no_web_app", "This server was built without its web app.");
    };
    let mut response = Response::new(Body::from(file.data));
    let kind = HeaderValue::from_str(file.metadata.mimetype()).unwrap_or(HeaderValue::from_static("text/plain"));
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}
