//! Accounts, devices, invitations and projects, on every engine.

use picturelock_testkit::{Engine, Storage, TestServer, engines};
use reqwest::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn a_studio_is_set_up_once_and_its_owner_signs_in() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut visitor = server.visitor();
        assert_eq!(visitor.get("/api/setup").await.json["needed"], true);
        server.owner().await;
        assert_eq!(visitor.get("/api/setup").await.json["needed"], false);
        let again = json!({"studio_name": "Other", "name": "O", "email": "o@studio.example",
            "password": "four unrelated words", "sample_project": false});
        assert_eq!(visitor.post("/api/setup", again).await.json["code"], "setup_done");

        let wrong = json!({"email": "owner@studio.example", "password": "not that one"});
        let unknown = json!({"email": "nobody@studio.example", "password": "not that one"});
        let (wrong, unknown) = (visitor.post("/api/session", wrong).await, visitor.post("/api/session", unknown).await);
        assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
        assert_eq!(wrong.json, unknown.json, "a wrong password looks like an unknown address");

        let right = json!({"email": "Owner@Studio.example", "password": "four unrelated words"});
        assert_eq!(visitor.post("/api/session", right).await.status, StatusCode::OK);
        assert_eq!(visitor.get("/api/session").await.json["user"]["role"], "owner");
    }
}

#[tokio::test]
async fn guessing_stops_even_in_a_parallel_burst() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let guesses = (0..16).map(|guess| {
        let mut guesser = server.visitor();
        let form = json!({"email": "owner@studio.example", "password": format!("guess number {guess}")});
        async move { guesser.post("/api/session", form).await.status }
    });
    let statuses = futures::future::join_all(guesses).await;
    let wrong = statuses.iter().filter(|status| **status == StatusCode::UNAUTHORIZED).count();
    assert_eq!(wrong, 10, "{statuses:?}");
    let right = json!({"email": "owner@studio.example", "password": "four unrelated words"});
    assert_eq!(server.visitor().post("/api/session", right).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(owner.get("/api/session").await.status, StatusCode::OK, "who is in stays in");
}

#[tokio::test]
async fn a_device_is_listed_and_signed_out_from_another() {
    let server = TestServer::start_on(Engine::Sqlite, Storage::Local).await;
    let mut first = server.owner().await;
    let mut second = server.visitor();
    let form = json!({"email": "owner@studio.example", "password": "four unrelated words"});
    second.post("/api/session", form).await;
    let devices = first.get("/api/devices").await.json;
    let other = devices.as_array().expect("devices").iter().find(|device| device["current"] == false).expect("another");
    let path = format!("/api/devices/{}", other["id"].as_str().expect("an id"));
    assert_eq!(first.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(second.get("/api/session").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(first.get("/api/session").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_new_password_signs_other_browsers_out() {
    let server = TestServer::start().await;
    let mut first = server.owner().await;
    let mut second = server.visitor();
    second.post("/api/session", json!({"email": "owner@studio.example", "password": "four unrelated words"})).await;
    let weak = json!({"current": "four unrelated words", "new": "password1234"});
    assert_eq!(first.put("/api/password", weak).await.json["code"], "password_common");
    let change = json!({"current": "four unrelated words", "new": "five quite unrelated words"});
    assert_eq!(first.put("/api/password", change).await.status, StatusCode::NO_CONTENT);
    assert_eq!(first.get("/api/session").await.status, StatusCode::OK);
    assert_eq!(second.get("/api/session").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_invitation_works_once_and_blocking_ends_everything() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let invited = owner.post("/api/invitations", json!({"email": "ed@studio.example", "role": "editor"})).await;
        let token = invited.json["link"].as_str().expect("a link").split_once('#').expect("a token").1.to_owned();
        let mut editor = server.visitor();
        let offer = editor.post("/api/invitations/look-up", json!({"token": token})).await;
        assert_eq!(offer.json, json!({"studio": "Studio North", "email": "ed@studio.example", "role": "editor"}));
        let accept = json!({"token": token, "name": "Ed", "password": "four unrelated words"});
        assert_eq!(editor.post("/api/invitations/accept", accept.clone()).await.status, StatusCode::CREATED);
        assert_eq!(server.visitor().post("/api/invitations/accept", accept).await.status, StatusCode::GONE);

        let id = editor.get("/api/session").await.json["user"]["id"].as_str().expect("an id").to_owned();
        let blocked = owner.patch(&format!("/api/people/{id}"), json!({"blocked": true})).await;
        assert_eq!(blocked.json["blocked"], true);
        assert_eq!(editor.get("/api/session").await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn the_last_owner_stays() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let id = owner.get("/api/session").await.json["user"]["id"].as_str().expect("an id").to_owned();
    for change in [json!({"role": "editor"}), json!({"blocked": true})] {
        let answer = owner.patch(&format!("/api/people/{id}"), change).await;
        assert_eq!(answer.json["code"], "last_owner");
    }
    assert_eq!(owner.get("/api/session").await.json["user"]["role"], "owner");
}

#[tokio::test]
async fn a_project_is_seen_by_its_people_only() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let (mut editor, editor_id) = server.person(&mut owner, "editor").await;
        let form = json!({"name": "Brand film", "client": "Acme", "frame_rate": {"num": 30000, "den": 1001},
            "start_timecode": "01:00:00;00"});
        let made = owner.post("/api/projects", form).await;
        assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.json);
        let path = format!("/api/projects/{}", made.json["id"].as_str().expect("an id"));
        assert_eq!(editor.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(editor.get("/api/projects").await.json, json!([]));
        assert_eq!(owner.put(&format!("{path}/people/{editor_id}"), json!({})).await.status, StatusCode::NO_CONTENT);
        assert_eq!(editor.get(&path).await.json["start_timecode"], "01:00:00;00");
        assert_eq!(editor.patch(&path, json!({"name": "Mine"})).await.status, StatusCode::FORBIDDEN);
        let bad = owner.patch(&path, json!({"start_timecode": "00:01:00;00"})).await;
        assert_eq!(bad.json["code"], "start_timecode", "a label that does not exist");
        assert_eq!(owner.delete(&format!("{path}/people/{editor_id}")).await.status, StatusCode::NO_CONTENT);
        assert_eq!(editor.get(&path).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn requests_of_other_sites_change_nothing() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let body = json!({"name": "Planted", "client": "Evil"});
    let forgeries = [
        owner.request(Method::POST, "/api/projects").json(&body).header("origin", "https://evil.example"),
        owner.request(Method::POST, "/api/projects").json(&body).header("sec-fetch-site", "cross-site"),
    ];
    for forgery in forgeries {
        assert_eq!(owner.send(forgery).await.status, StatusCode::FORBIDDEN);
    }
    let bare = reqwest::Client::new().post(format!("{}/api/projects", server.base)).json(&body);
    assert_eq!(owner.send(bare).await.status, StatusCode::FORBIDDEN);
    assert_eq!(owner.get("/api/projects").await.json, json!([]));
}

#[tokio::test]
async fn a_session_that_the_browser_would_not_keep_is_refused_in_words() {
    let server = TestServer::start().await;
    server.owner().await;
    let form = json!({"email": "owner@studio.example", "password": "four unrelated words"});
    let mut visitor = server.visitor();
    let on_the_network = visitor
        .request(Method::POST, "/api/session")
        .json(&form)
        .header("host", "192.168.1.20:8080")
        .header("origin", "http://192.168.1.20:8080");
    assert_eq!(visitor.send(on_the_network).await.json["code"], "plain_http");
    let behind_a_proxy = visitor
        .request(Method::POST, "/api/session")
        .json(&form)
        .header("host", "127.0.0.1:8080")
        .header("origin", "https://review.studio.example");
    assert_eq!(visitor.send(behind_a_proxy).await.status, StatusCode::OK);
}
