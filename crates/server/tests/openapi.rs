//! The API's document is a committed file, so that a change of the API shows in review.

use std::path::Path;

#[test]
fn the_committed_document_is_the_api() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi.json");
    let document = serde_json::to_string_pretty(&picturelock_server::document()).expect("json") + "\n";
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(&path, &document).expect("writable");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == document, "the API changed: UPDATE_OPENAPI=1 cargo test -p picturelock-server --test openapi");
}

#[test]
fn every_route_says_what_it_needs() {
    let document = serde_json::to_value(picturelock_server::document()).expect("json");
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations").iter().filter(|(_, it)| it.is_object()) {
            let says = operation.get("x-action").is_some() || operation.get("x-public").is_some();
            assert!(says, "{method} {path} has neither an action nor a reason to be public");
        }
    }
}
