//! What several suites need besides the test kit.

#![allow(dead_code, reason = "each suite uses a part of it")]

use picturelock_testkit::Person;
use reqwest::StatusCode;
use serde_json::json;

/// Makes a project; gives its address, such as `/api/projects/…`.
pub async fn project(person: &mut Person) -> String {
    let made = person.post("/api/projects", json!({"name": "Brand film", "client": "Acme"})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.json);
    format!("/api/projects/{}", made.json["id"].as_str().expect("an id"))
}

/// Makes a reviewable in the project; gives its id.
pub async fn reviewable(person: &mut Person, project: &str, name: &str) -> String {
    let form = json!({"name": name, "stage": "fine_cut"});
    let made = person.post(&format!("{project}/reviewables"), form).await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.json);
    made.json["id"].as_str().expect("an id").to_owned()
}
