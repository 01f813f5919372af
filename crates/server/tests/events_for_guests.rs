//! What guests hear and may write: nobody hears what is not for them.

#[path = "common/notes.rs"]
mod notes;

use notes::{answer, quiet, write};
use picturelock_testkit::{Heard, Listener, Storage, TestServer, engines};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

fn rights() -> Value {
    json!({"comment": true, "decide": false, "download": false})
}

/// Reads events up to the comment with this text.
async fn until(listener: &mut Listener, text: &str) -> Vec<Heard> {
    let mut all = Vec::new();
    loop {
        let heard = listener.next().await.expect("more events");
        let last = heard.json["comment"]["text"] == text;
        all.push(heard);
        if last {
            return all;
        }
    }
}

#[tokio::test]
async fn what_is_not_for_guests_never_reaches_one() {
    const CANARY: &str = "canary-team-only";
    for engine in engines() {
        let server = quiet(engine).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let mut guest = film.guest(&server, &mut owner, rights(), json!({})).await;
        let mut stranger = film.guest(&server, &mut owner, rights(), json!({})).await;
        let mut live = Listener::open(&guest, &film.at(""), None).await;

        let open = write(&mut owner, &film, "For everyone", "everyone").await;
        write(&mut owner, &film, CANARY, "team").await;
        answer(&mut owner, &film, &open, CANARY, "team").await;
        answer(&mut stranger, &film, &open, "canary-of-another-guest", "everyone").await;
        write(&mut stranger, &film, "canary-of-another-guest", "everyone").await;
        let own = write(&mut guest, &film, "My own", "everyone").await;
        answer(&mut owner, &film, &own, CANARY, "team").await;
        answer(&mut owner, &film, &own, "Thank you", "everyone").await;
        owner.post(&film.at(&format!("/comments/{}/resolve", open["id"].as_str().expect("an id"))), json!({})).await;
        let hidden = write(&mut owner, &film, CANARY, "team").await;
        owner.delete(&film.at(&format!("/comments/{}", hidden["id"].as_str().expect("an id")))).await;
        write(&mut owner, &film, "The end", "everyone").await;

        let told = until(&mut live, "The end").await;
        let mut replay = Listener::open(&guest, &film.at(""), Some(0)).await;
        let replayed = until(&mut replay, "The end").await;
        for heard in [&told, &replayed] {
            let text = format!("{heard:?}");
            assert!(!text.contains("canary"), "{text}");
            let kinds: Vec<&str> = heard.iter().filter_map(|heard| heard.json["kind"].as_str()).collect();
            assert_eq!(
                kinds,
                ["comment_created", "comment_created", "comment_changed", "comment_changed", "comment_created"],
                "created, own, thanked, resolved, the end; nothing hints at the rest"
            );
        }
        let listed = guest.get(&film.version_at("/comments")).await;
        let text = listed.json.to_string();
        assert!(!text.contains("canary"), "{text}");
        assert_eq!(listed.json.as_array().map(Vec::len), Some(3));
        assert_eq!(guest.get("/api/guest").await.json["counts"]["comments"], 3);
        let hidden = film.at(&format!("/comments/{}", hidden["id"].as_str().expect("an id")));
        for path in [hidden.clone(), format!("{hidden}/restore")] {
            let request =
                guest.request(if path == hidden { Method::PATCH } else { Method::POST }, &path).json(&json!({}));
            assert_eq!(guest.send(request).await.status, StatusCode::NOT_FOUND);
        }
    }
}

#[tokio::test]
async fn guests_who_may_see_each_other_do() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let film = server.screening(&mut owner, "Brand").await;
    let (share, secret) = film.share(&mut owner, rights(), json!({"guests_see_each_other": true})).await;
    let mut dana = film.guest_of(&server, &share, &secret, "Dana").await;
    let mut kim = film.guest_of(&server, &share, &secret, "Kim").await;
    let mut live = Listener::open(&kim, &film.at(""), None).await;
    let made = write(&mut dana, &film, "From Dana", "everyone").await;
    let heard = live.next().await.expect("an event");
    assert_eq!(heard.json["comment"]["author"]["name"], "Dana");
    assert_eq!(heard.json["comment"]["mine"], false);
    let listed = kim.get(&film.version_at("/comments")).await.json;
    assert_eq!((&listed[0]["id"], &listed[0]["mine"]), (&made["id"], &json!(false)));
    let path = film.at(&format!("/comments/{}", made["id"].as_str().expect("an id")));
    assert_eq!(kim.patch(&path, json!({"text": "Changed"})).await.status, StatusCode::FORBIDDEN);
    let team = json!({"anchor": {"type": "frames", "first": 1, "last": 1}, "text": "Psst", "kind": "change",
        "audience": "team", "client_key": Uuid::now_v7()});
    assert_eq!(kim.post(&film.version_at("/comments"), team).await.json["code"], "audience");
}

#[tokio::test]
async fn a_guest_writes_on_the_newest_version_only_and_hears_that_there_is_one() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let film = server.screening(&mut owner, "Brand").await;
    let mut guest = film.guest(&server, &mut owner, rights(), json!({})).await;
    let key = Uuid::now_v7();
    let form = json!({"anchor": {"type": "frames", "first": 1, "last": 1}, "text": "In time", "kind": "change",
        "audience": "everyone", "client_key": key});
    let made = guest.post(&film.version_at("/comments"), form.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED);
    server.ready_version(&film.project, &film.reviewable, "second").await;
    let again = guest.post(&film.version_at("/comments"), form.clone()).await;
    assert_eq!((again.status, &again.json), (StatusCode::CREATED, &made.json), "what was taken is taken");
    let mut late = form;
    late["client_key"] = json!(Uuid::now_v7());
    let refused = guest.post(&film.version_at("/comments"), late.clone()).await;
    assert_eq!((refused.status, &refused.json["code"]), (StatusCode::CONFLICT, &json!("superseded")));
    let path = film.at(&format!("/comments/{}", made.json["id"].as_str().expect("an id")));
    assert_eq!(guest.patch(&path, json!({"text": "Later"})).await.json["code"], "superseded");
    assert_eq!(owner.post(&film.version_at("/comments"), late).await.status, StatusCode::CREATED, "the team may");
    let unready = server.unready_version(&film.project, &film.reviewable).await;
    let path = film.at(&format!("/versions/{unready}/comments"));
    let early = json!({"anchor": {"type": "frames", "first": 1, "last": 1}, "text": "Early", "kind": "change",
        "audience": "everyone", "client_key": Uuid::now_v7()});
    assert_eq!(owner.post(&path, early).await.json["code"], "not_ready");
}

#[tokio::test]
async fn a_revoked_link_ends_the_stream_before_anything_more_is_told() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let (share, secret) = film.share(&mut owner, rights(), json!({})).await;
        let guest = film.guest_of(&server, &share, &secret, "Dana").await;
        let mut live = Listener::open(&guest, &film.at(""), None).await;
        assert_eq!(owner.delete(&film.at(&format!("/shares/{share}"))).await.status, StatusCode::NO_CONTENT);
        write(&mut owner, &film, "After the end", "everyone").await;
        let ended = live.next().await.expect("an end");
        assert_eq!((ended.event.as_str(), &ended.json["code"]), ("ended", &json!("revoked")));
        assert_eq!(live.next().await, None);
        let request = guest.request(Method::GET, &film.at("/events"));
        assert_eq!(request.send().await.expect("an answer").status(), StatusCode::GONE);
    }
}
