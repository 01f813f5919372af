//! HTTP: routes, cookies, live events, uploads, streaming, the worker loop and the embedded web app.
//!
//! A handler extracts, calls one function of `picturelock_app`, converts and returns. Every route names the
//! [`Action`](picturelock_domain::people::Action) it needs when it is registered ([`api::Api`]); there is no
//! other way to register one.

mod api;
mod background;
mod cookies;
mod error;
mod guard;
mod headers;
mod live;
mod range;
mod routes;
mod start;
mod streaming;
mod sweep;
mod tus;
mod web;

pub use api::{document, router};
pub use background::Workers;
pub use guard::{Clock, Web};
pub use live::Live;
pub use start::{Limits, Options, PlainHttp, Running, StartError, Working, open, serve, work};
