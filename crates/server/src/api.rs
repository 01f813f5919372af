//! The table of routes. A route is registered with the action it needs, or as public with a reason.

use axum::Router;
use axum::middleware::from_fn;
use picturelock_app::App;
use picturelock_domain::people::Action;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter, UtoipaMethodRouterExt as _};

use crate::guard::{Web, guard, same_origin};
use crate::{headers, routes, web};

/// Routes with what each of them needs.
pub struct Api(OpenApiRouter<App>);

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Picturelock",
        description = "Review and approval of film, from raw footage to final delivery. Errors are \
                       application/problem+json; requests that change something carry the header X-Picturelock: 1."
    ),
    components(schemas(picturelock_api::Problem))
)]
struct Document;

impl Api {
    /// Adds routes that need `action`. The handlers take the proof, [`Entered`](crate::guard::Entered).
    #[must_use]
    pub fn guarded(self, action: Action, mut routes: UtoipaMethodRouter<App>) -> Self {
        let word = serde_json::to_value(action).unwrap_or_default();
        mark(&mut routes, "x-action", &word);
        let layered = routes.layer(from_fn(move |request, next| guard(action, request, next)));
        Self(self.0.routes(layered))
    }

    /// Adds routes that anybody may call; `reason` says why that is safe.
    #[must_use]
    pub fn public(self, reason: &'static str, mut routes: UtoipaMethodRouter<App>) -> Self {
        mark(&mut routes, "x-public", &reason.into());
        Self(self.0.routes(routes.layer(from_fn(same_origin))))
    }
}

/// Every route, with the web app behind those that are none.
pub fn router(web: Web) -> Router {
    let app = web.app.clone();
    let (api, document) = table().0.split_for_parts();
    let document = serde_json::to_string_pretty(&document).unwrap_or_default();
    api.route("/api/openapi.json", axum::routing::get(|| async { headers::json(document) }))
        .fallback_service(web::app())
        .with_state(app)
        .layer(axum::Extension(web))
        .layer(axum::middleware::from_fn(headers::protect))
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(crate::error::panicked))
}

/// The API's document (OpenAPI 3.1).
pub fn document() -> OpenApi {
    table().0.into_openapi()
}

fn table() -> Api {
    let api = Api(OpenApiRouter::with_openapi(Document::openapi()));
    let api = routes::system::add(api);
    let api = routes::session::add(api);
    let api = routes::people::add(api);
    let api = routes::projects::add(api);
    let api = routes::reviewables::add(api);
    let api = routes::versions::add(api);
    let api = routes::uploads::add(api);
    let api = routes::jobs::add(api);
    let api = routes::shares::add(api);
    let api = routes::guest::add(api);
    let api = routes::decisions::add(api);
    let api = routes::comments::add(api);
    let api = routes::events::add(api);
    routes::exports::add(api)
}

fn mark(routes: &mut UtoipaMethodRouter<App>, name: &str, value: &serde_json::Value) {
    for item in routes.1.paths.values_mut() {
        let operations = [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.delete,
            &mut item.options,
            &mut item.head,
            &mut item.patch,
        ];
        for operation in operations.into_iter().flatten() {
            operation.extensions = Some(ExtensionsBuilder::new().add(name, value.clone()).build());
        }
    }
}
