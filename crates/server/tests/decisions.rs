//! Decisions and what was watched before them, on every engine.

use picturelock_testkit::{Person, Screening, Storage, TestServer, engines};
use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

fn ballot(film: &Screening, outcome: &str) -> Value {
    json!({"outcome": outcome, "content_hash": film.hash, "statement": "Dana Client", "client_key": Uuid::now_v7()})
}

/// Somebody who came by a link that lets them decide, and said who they are.
async fn decider(server: &TestServer, owner: &mut Person, film: &Screening, name: &str) -> Person {
    let rights = json!({"comment": true, "decide": true, "download": false});
    let (share, secret) = film.share(owner, rights, json!({})).await;
    let mut guest = server.visitor();
    guest.post(&format!("/api/shares/{share}/open"), json!({"secret": secret})).await;
    guest.put("/api/guest", json!({"name": name, "email": "dana@acme.example"})).await;
    guest
}

/// A note of the version, written by `author` for `audience`; gives its id.
async fn note(server: &TestServer, film: &Screening, author: (&str, &str), audience: &str, status: &str) -> String {
    let id = Uuid::now_v7();
    let (kind, author) = author;
    let sql = format!(
        "INSERT INTO comment (id, project_id, version_id, author_kind, author_id, author_name, first_frame, last_frame,
             body, kind, audience, status, client_key, created_at)
         VALUES ('{id}', '{}', '{}', '{kind}', '{author}', 'Somebody', 1, 1, 'words', 'change', '{audience}', '{status}',
             '{id}', 1)",
        film.project, film.version
    );
    server.sql(&sql).await.expect("a note");
    id.to_string()
}

#[tokio::test]
async fn a_decision_is_recorded_with_what_it_stands_on() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let mut guest = decider(&server, &mut owner, &film, "Dana Client").await;
        guest.post(&film.version_at("/watched"), json!({"ranges": [[0, 198]]})).await;
        let mut form = ballot(&film, "request_revisions");
        form["note"] = json!("Shorter, please.");
        let made = guest.post(&film.version_at("/decisions"), form.clone()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.json);
        let short = format!("{}…{}", &film.hash[..4], &film.hash[62..]);
        let sentence = format!("Dana Client: I have authority to decide for Acme on fine cut v1, file {short}.");
        assert_eq!(made.json["statement"], sentence);
        assert_eq!((&made.json["identity"], &made.json["by"]["kind"]), (&json!("link_only"), &json!("guest")));
        assert_eq!((&made.json["watched_percent"], &made.json["number"]), (&json!(99), &json!(1)));
        assert_eq!((&made.json["superseded"], &made.json["note"]), (&json!(false), &json!("Shorter, please.")));
        assert_eq!(guest.get("/api/guest").await.json["version"]["review"], "changes_requested");

        let again = guest.post(&film.version_at("/decisions"), form).await;
        assert_eq!((again.status, &again.json), (StatusCode::CREATED, &made.json), "the same key, the same decision");
        let by_team = owner.post(&film.version_at("/decisions"), ballot(&film, "approve")).await;
        assert_eq!(
            (&by_team.json["identity"], &by_team.json["by"]["name"]),
            (&json!("account"), &json!("Olive Owner"))
        );
        let record = owner.get(&film.version_at("/decisions")).await.json;
        let kept: Vec<_> =
            record.as_array().expect("a list").iter().map(|it| (&it["outcome"], &it["superseded"])).collect();
        assert_eq!(kept, [(&json!("approve"), &json!(false)), (&json!("request_revisions"), &json!(true))]);
        assert_eq!(guest.get("/api/guest").await.json["version"]["review"], "approved");
    }
}

#[tokio::test]
async fn only_the_file_that_was_seen_can_be_decided_on() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let mut guest = decider(&server, &mut owner, &film, "Dana").await;
        let path = film.version_at("/decisions");
        let mut other_file = ballot(&film, "approve");
        other_file["content_hash"] = json!("ab".repeat(32));
        let refused = guest.post(&path, other_file).await;
        assert_eq!((refused.status, &refused.json["code"]), (StatusCode::CONFLICT, &json!("newer_version")));

        // Somebody publishes between the page and the button.
        let (second, hash) = server.ready_version(&film.project, &film.reviewable, "second cut").await;
        let late = guest.post(&path, ballot(&film, "approve")).await;
        assert_eq!((late.status, &late.json["code"]), (StatusCode::CONFLICT, &json!("newer_version")));
        assert_eq!(guest.get("/api/guest").await.json["version"]["review"], "in_review");
        let newer = Screening { version: second, hash, ..film.clone() };
        let made = guest.post(&newer.version_at("/decisions"), ballot(&newer, "approve")).await;
        assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.json);

        let third = server.unready_version(&film.project, &film.reviewable).await;
        let meant = guest.post(&newer.version_at("/decisions"), ballot(&newer, "approve")).await;
        assert_eq!(meant.json["code"], "newer_version", "one being prepared is meant to replace it");
        server.sql(&format!("UPDATE version SET state = 'failed' WHERE id = '{third}'")).await.expect("failed");
        let made = guest.post(&newer.version_at("/decisions"), ballot(&newer, "approve")).await;
        assert_eq!(made.status, StatusCode::CREATED, "a failed upload blocks nobody");
    }
}

#[tokio::test]
async fn a_guest_decides_with_the_right_a_name_and_a_signature() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let film = server.screening(&mut owner, "Brand").await;
    let path = film.version_at("/decisions");
    let mut watcher = server.visitor();
    let (share, secret) =
        film.share(&mut owner, json!({"comment": true, "decide": false, "download": true}), json!({})).await;
    watcher.post(&format!("/api/shares/{share}/open"), json!({"secret": secret})).await;
    watcher.put("/api/guest", json!({"name": "Wanda", "email": ""})).await;
    assert_eq!(watcher.post(&path, ballot(&film, "approve")).await.status, StatusCode::FORBIDDEN);

    let (share, secret) =
        film.share(&mut owner, json!({"comment": false, "decide": true, "download": false}), json!({})).await;
    let mut unnamed = server.visitor();
    unnamed.post(&format!("/api/shares/{share}/open"), json!({"secret": secret})).await;
    assert_eq!(unnamed.post(&path, ballot(&film, "approve")).await.status, StatusCode::FORBIDDEN);
    unnamed.put("/api/guest", json!({"name": "Dana", "email": ""})).await;
    for unsigned in ["", "   ", "✓", "🛡️"] {
        let mut form = ballot(&film, "approve");
        form["statement"] = json!(unsigned);
        assert_eq!(unnamed.post(&path, form).await.json["code"], "statement");
    }
    assert_eq!(unnamed.post(&path, ballot(&film, "approve")).await.status, StatusCode::CREATED);
    assert_eq!(owner.get(&path).await.json.as_array().expect("a list").len(), 1);
}

#[tokio::test]
async fn listed_notes_are_open_ones_the_decider_sees() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let owner_id = owner.get("/api/session").await.json["user"]["id"].as_str().expect("an id").to_owned();
        let elsewhere = server.screening(&mut owner, "Other").await;
        let mut guest = decider(&server, &mut owner, &film, "Dana").await;
        let team = ("account", owner_id.as_str());
        let stranger = Uuid::now_v7().to_string();
        let good = note(&server, &film, team, "everyone", "open").await;
        let hidden = [
            note(&server, &film, team, "team", "open").await,
            note(&server, &film, team, "everyone", "resolved").await,
            note(&server, &film, ("guest", &stranger), "everyone", "open").await,
            note(&server, &elsewhere, team, "everyone", "open").await,
            Uuid::now_v7().to_string(),
        ];
        let path = film.version_at("/decisions");
        let listing = |notes: &[&String]| {
            let mut form = ballot(&film, "approve_with_changes");
            form["listed_comments"] = json!(notes);
            form
        };
        assert_eq!(guest.post(&path, listing(&[])).await.json["code"], "no_changes_listed");
        for bad in &hidden {
            assert_eq!(guest.post(&path, listing(&[&good, bad])).await.json["code"], "listed_comments");
        }
        let made = guest.post(&path, listing(&[&good, &good])).await;
        assert_eq!(made.json["listed_comments"], json!([good]), "{:?}", made.json);

        owner.post(&path, listing(&[&good, &hidden[0]])).await;
        let seen = guest.get(&path).await.json;
        assert_eq!(seen[0]["listed_comments"], json!([good]), "notes of the team stay with the team");
        assert_eq!(seen[0]["email"], Value::Null);
        let all = owner.get(&path).await.json;
        assert_eq!(all[0]["listed_comments"].as_array().expect("a list").len(), 2);
        assert_eq!(all[1]["email"], "dana@acme.example");
    }
}

#[tokio::test]
async fn two_hundred_decide_at_once_and_one_state_stands() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let path = film.version_at("/decisions");
        let same = Uuid::now_v7();
        let votes = (0..200).map(|number| {
            let (mut person, path) = (owner.clone(), path.clone());
            let mut form = ballot(&film, if number % 2 == 0 { "approve" } else { "request_revisions" });
            if number < 20 {
                form["client_key"] = json!(same);
            }
            async move { person.post(&path, form).await }
        });
        let answers = futures::future::join_all(votes).await;
        assert!(answers.iter().all(|answer| answer.status == StatusCode::CREATED), "all were recorded");
        let one: std::collections::BTreeSet<_> =
            answers[..20].iter().map(|answer| answer.json["id"].to_string()).collect();
        assert_eq!(one.len(), 1, "one key, one decision");

        let record = owner.get(&path).await.json;
        let record = record.as_array().expect("a list");
        assert_eq!(record.len(), 181);
        let times: Vec<jiff::Timestamp> =
            record.iter().map(|it| it["decided_at"].as_str().expect("a time").parse().expect("a time")).collect();
        assert!(times.windows(2).all(|pair| pair[0] > pair[1]), "they have an order, newest first");
        assert_eq!(record.iter().filter(|it| it["superseded"] == false).count(), 1);
        assert_eq!(record[0]["superseded"], false);
        let state = if record[0]["outcome"] == "approve" { "approved" } else { "changes_requested" };
        assert_eq!(owner.get(&film.version_at("")).await.json["review"], state, "the last one stands");
    }
}

#[tokio::test]
async fn whoever_has_the_database_cannot_rewrite_decisions_by_accident() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let path = film.version_at("/decisions");
        owner.post(&path, ballot(&film, "approve")).await;
        let before = owner.get(&path).await.json;
        for tampering in ["UPDATE decision SET outcome = 'request_revisions'", "DELETE FROM decision"] {
            let refused = server.sql(tampering).await.expect_err("refused").to_string();
            assert!(refused.contains("append-only"), "{refused}");
        }
        assert_eq!(owner.get(&path).await.json, before);
    }
}

#[tokio::test]
async fn what_was_watched_adds_up_and_stays_within_the_version() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let path = film.version_at("/watched");
        let parts = (0..20).map(|part| {
            let (mut person, path) = (owner.clone(), path.clone());
            async move { person.post(&path, json!({"ranges": [[part * 10, part * 10 + 9]]})).await.status }
        });
        assert!(futures::future::join_all(parts).await.iter().all(|status| *status == StatusCode::OK));
        assert_eq!(owner.post(&path, json!({"ranges": []})).await.json["watched_percent"], 100, "tabs add up");
        let mut guest = decider(&server, &mut owner, &film, "Dana").await;
        assert_eq!(guest.post(&path, json!({"ranges": []})).await.json["watched_percent"], 0, "each for themselves");
        let flood: Vec<_> = (0..1_001).map(|_| json!([0, 1])).collect();
        for bad in [json!([[0, 200]]), json!([[9, 3]]), json!([[0, 4_294_967_295_u32]]), json!([[-1, 3]]), json!(flood)]
        {
            let answer = guest.post(&path, json!({"ranges": bad})).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{:?}", answer.json);
        }
        let unready = server.unready_version(&film.project, &film.reviewable).await;
        let path = film.at(&format!("/versions/{unready}/watched"));
        assert_eq!(owner.post(&path, json!({"ranges": []})).await.json["watched_percent"], 0);
        assert_eq!(owner.post(&path, json!({"ranges": [[0, 1]]})).await.json["code"], "not_ready");
    }
}
