//! Notes and answers to them, and a server where nothing else happens.

use picturelock_server::Workers;
use picturelock_testkit::{Engine, Person, Screening, Storage, TestServer};
use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

/// Writes a note on the second frame.
pub async fn write(person: &mut Person, film: &Screening, text: &str, audience: &str) -> Value {
    let form = json!({"anchor": {"type": "frames", "first": 1, "last": 1}, "text": text, "kind": "change",
        "audience": audience, "client_key": Uuid::now_v7()});
    let made = person.post(&film.version_at("/comments"), form).await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.json);
    made.json
}

/// Answers a note; gives the thread.
pub async fn answer(person: &mut Person, film: &Screening, comment: &Value, text: &str, audience: &str) -> Value {
    let form = json!({"text": text, "audience": audience, "client_key": Uuid::now_v7()});
    let path = film.at(&format!("/comments/{}/replies", comment["id"].as_str().expect("an id")));
    let made = person.post(&path, form).await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.json);
    made.json
}

/// A server without workers, whose jobs would add events of their own.
pub async fn quiet(engine: Engine) -> TestServer {
    TestServer::start_with(engine, Storage::Local, Workers::Exactly(0)).await
}
