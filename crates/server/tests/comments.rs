//! Comments and replies, on every engine.

use picturelock_db::comments;
use picturelock_domain::frame::FrameRange;
use picturelock_domain::id::CommentId;
use picturelock_testkit::{Screening, Storage, TestServer, engines};
use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

fn note(first: u32, last: u32, text: &str) -> Value {
    json!({"anchor": {"type": "frames", "first": first, "last": last}, "text": text, "kind": "change",
        "audience": "everyone", "client_key": Uuid::now_v7()})
}

fn with(mut note: Value, field: &str, value: Value) -> Value {
    note[field] = value;
    note
}

fn comment(film: &Screening, id: &str) -> String {
    film.at(&format!("/comments/{id}"))
}

fn id(comment: &Value) -> &str {
    comment["id"].as_str().expect("an id")
}

#[tokio::test]
async fn a_note_sent_twice_is_one_note() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let sent = note(10, 19, "Hold the logo");
        let tries = (0..12).map(|_| {
            let (mut owner, path, sent) = (owner.clone(), film.version_at("/comments"), sent.clone());
            async move { owner.post(&path, sent).await }
        });
        let answers = futures::future::join_all(tries).await;
        for answer in &answers {
            assert_eq!(answer.status, StatusCode::CREATED, "{:?}", answer.json);
            assert_eq!(answer.json, answers[0].json);
        }
        let listed = owner.get(&film.version_at("/comments")).await.json;
        assert_eq!(listed, json!([answers[0].json]), "as it was answered");
        assert_eq!(listed[0]["timecode"], "00:00:00:10");
        assert_eq!(listed[0]["timecode_out"], "00:00:00:20", "half-open");
        assert_eq!(listed[0]["mine"], true);
        assert_eq!(listed[0]["has_still"], false);

        let reply = json!({"text": "Two seconds?", "audience": "team", "client_key": Uuid::now_v7()});
        let path = format!("{}/replies", comment(&film, id(&listed[0])));
        let (first, again) = (owner.post(&path, reply.clone()).await, owner.post(&path, reply.clone()).await);
        assert_eq!(first.status, StatusCode::CREATED);
        assert_eq!(first.json, again.json);
        assert_eq!(first.json["replies"].as_array().map(Vec::len), Some(1));
        let reused = with(note(1, 1, "Other"), "client_key", reply["client_key"].clone());
        assert_eq!(owner.post(&film.version_at("/comments"), reused).await.json["code"], "client_key");
    }
}

#[tokio::test]
async fn notes_come_by_frame_then_time_with_their_replies() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        for (frame, text) in [(150, "third"), (20, "first"), (20, "second")] {
            owner.post(&film.version_at("/comments"), note(frame, frame, text)).await;
        }
        let listed = owner.get(&film.version_at("/comments")).await.json;
        let texts: Vec<&str> =
            listed.as_array().expect("notes").iter().filter_map(|note| note["text"].as_str()).collect();
        assert_eq!(texts, ["first", "second", "third"]);
    }
}

#[tokio::test]
async fn what_cannot_be_written_is_refused_in_words() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let film = server.screening(&mut owner, "Brand").await;
    let drawing = |x: f64| json!([{"type": "box", "colour": "red", "from": [0.1, 0.1], "to": [x, 0.5]}]);
    for (bad, words) in [
        (note(190, 200, "Late"), "this version has 200 frames"),
        (note(20, 10, "Backwards"), "before it begins"),
        (note(1, 1, " \u{200b}\n"), "The note is empty"),
        (note(1, 1, &"x".repeat(10_001)), "at most 10000 fit"),
        (with(note(1, 1, "Drawn"), "drawing", drawing(1.5)), "must stay on the picture"),
        (with(note(1, 1, "Drawn"), "drawing", json!([])), "The drawing is empty"),
        (with(note(1, 1, "Kind"), "kind", json!("rant")), "unknown variant"),
    ] {
        let answer = owner.post(&film.version_at("/comments"), bad).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{:?}", answer.json);
        assert!(answer.json["detail"].as_str().is_some_and(|detail| detail.contains(words)), "{:?}", answer.json);
    }
    let drawn = owner.post(&film.version_at("/comments"), with(note(1, 1, "Drawn"), "drawing", drawing(0.5))).await;
    assert_eq!(drawn.json["drawing"], drawing(0.5));
    assert_eq!(owner.get(&film.version_at("/comments")).await.json.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_note_is_changed_by_its_writer_or_a_producer() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let (mut editor, editor_id) = server.person(&mut owner, "editor").await;
        let (mut assistant, assistant_id) = server.person(&mut owner, "assistant").await;
        for person in [editor_id, assistant_id] {
            owner.put(&format!("{}/people/{person}", film.at("")), json!({})).await;
        }
        let made = editor.post(&film.version_at("/comments"), note(5, 5, "Trim two frames")).await.json;
        let path = comment(&film, id(&made));
        assert_eq!(assistant.patch(&path, json!({"text": "Mine"})).await.status, StatusCode::FORBIDDEN);
        assert_eq!(assistant.delete(&path).await.status, StatusCode::FORBIDDEN);
        assert_eq!(assistant.post(&format!("{path}/resolve"), json!({})).await.status, StatusCode::FORBIDDEN);
        let edited = editor.patch(&path, json!({"text": "Trim three frames", "kind": "question"})).await.json;
        assert_eq!((&edited["text"], &edited["kind"]), (&json!("Trim three frames"), &json!("question")));
        assert_ne!(edited["edited_at"], Value::Null);
        assert_eq!(owner.patch(&path, json!({"kind": "praise"})).await.json["kind"], "praise");

        let resolved = editor.post(&format!("{path}/resolve"), json!({})).await.json;
        assert_eq!(
            (&resolved["status"], &resolved["resolved_by"]["name"]),
            (&json!("resolved"), &json!("Some editor"))
        );
        let again = owner.post(&format!("{path}/resolve"), json!({})).await.json;
        assert_eq!(again["resolved_by"]["name"], "Some editor", "who was first stays");
        let reopened = owner.post(&format!("{path}/reopen"), json!({})).await.json;
        assert_eq!((&reopened["status"], &reopened["resolved_by"]), (&json!("open"), &Value::Null));

        // What a producer takes away, its writer cannot bring back.
        assert_eq!(owner.delete(&path).await.status, StatusCode::NO_CONTENT);
        assert_eq!(editor.get(&film.version_at("/comments")).await.json, json!([]));
        for gone in
            [editor.patch(&path, json!({"text": "x"})).await, editor.post(&format!("{path}/resolve"), json!({})).await]
        {
            assert_eq!(gone.status, StatusCode::NOT_FOUND);
        }
        assert_eq!(editor.post(&format!("{path}/restore"), json!({})).await.status, StatusCode::FORBIDDEN);
        assert_eq!(owner.post(&format!("{path}/restore"), json!({})).await.status, StatusCode::OK);
        assert_eq!(editor.delete(&path).await.status, StatusCode::NO_CONTENT);
        assert_eq!(editor.post(&format!("{path}/restore"), json!({})).await.json["text"], "Trim three frames");
    }
}

#[tokio::test]
async fn replies_are_changed_and_deleted_as_notes_are() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let film = server.screening(&mut owner, "Brand").await;
    let made =
        owner.post(&film.version_at("/comments"), with(note(5, 5, "Team talk"), "audience", json!("team"))).await.json;
    let reply = json!({"text": "Agreed", "audience": "everyone", "client_key": Uuid::now_v7()});
    let thread = owner.post(&format!("{}/replies", comment(&film, id(&made))), reply).await.json;
    assert_eq!(thread["replies"][0]["audience"], "team", "never more people than the note's");
    let path = comment(&film, id(&thread["replies"][0]));
    assert_eq!(owner.patch(&path, json!({"text": "Agreed!"})).await.json["replies"][0]["text"], "Agreed!");
    assert_eq!(owner.patch(&path, json!({"kind": "praise"})).await.json["code"], "kind");
    assert_eq!(owner.post(&format!("{path}/resolve"), json!({})).await.status, StatusCode::NOT_FOUND);
    let deeper = json!({"text": "And?", "audience": "team", "client_key": Uuid::now_v7()});
    assert_eq!(owner.post(&format!("{path}/replies"), deeper).await.json["code"], "reply");
    assert_eq!(owner.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(owner.get(&film.version_at("/comments")).await.json[0]["replies"], json!([]));
    assert_eq!(owner.post(&format!("{path}/restore"), json!({})).await.json["replies"][0]["text"], "Agreed!");
    owner.delete(&comment(&film, id(&made))).await;
    assert_eq!(owner.patch(&path, json!({"text": "Lost"})).await.status, StatusCode::NOT_FOUND, "gone with its note");
}

#[tokio::test]
async fn labels_follow_the_file() {
    use picturelock_domain::frame::{DropFrame, FrameRate, FrameTable, Run, StartTimecode, TimeBase};
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let film = server.screening(&mut owner, "Brand").await;
    let version = async |name: &str, labels, runs: Vec<Run>, base| {
        let table = FrameTable::from_runs(base, runs).expect("a table");
        let (version, _) = server.labelled_version(&film.project, &film.reviewable, name, labels, table).await;
        film.at(&format!("/versions/{version}/comments"))
    };
    let start = StartTimecode { frames: 107_892, drop_frame: DropFrame::Drop };
    let ntsc = FrameRate::new(30_000, 1001).expect("a rate");
    let (runs, base) = (vec![Run { delta: 1001, count: 100 }], TimeBase { num: 1, den: 30_000 });
    let dropping = version("drops", (ntsc, Some(start)), runs, base).await;
    let made = owner.post(&dropping, note(0, 29, "Drops")).await.json;
    assert_eq!((&made["timecode"], &made["timecode_out"]), (&json!("01:00:00;00"), &json!("01:00:01;00")));

    let rate = FrameRate::new(25, 1).expect("a rate");
    let (runs, base) =
        (vec![Run { delta: 40, count: 10 }, Run { delta: 120, count: 10 }], TimeBase { num: 1, den: 1000 });
    let unequal = version("unequal", (rate, None), runs, base).await;
    owner.post(&unequal, note(11, 11, "By time")).await;
    assert_eq!(owner.get(&unequal).await.json[0]["timecode"], "00:00:00:13");
}

#[tokio::test]
async fn two_thousand_notes_are_listed_whole() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let first = owner.post(&film.version_at("/comments"), note(100, 100, "Note 0")).await.json;
        let mut tx = server.app().db.write().await.expect("a transaction");
        let stored = comments::by_id(&mut tx, id(&first).parse().expect("an id")).await.expect("read").expect("a note");
        for at in 1..2000_u32 {
            let (id, client_key) = (CommentId::from_uuid(Uuid::now_v7()), Uuid::now_v7());
            let frames = FrameRange::single(at * 7 % 200);
            let new = comments::Comment { id, client_key, frames, text: format!("Note {at}"), ..stored.clone() };
            assert!(comments::insert(&mut tx, &new).await.expect("inserted"));
            let reply = comments::Comment { id: CommentId::from_uuid(Uuid::now_v7()), parent: Some(id), ..new };
            let reply = comments::Comment { client_key: reply.id.uuid(), text: format!("Answer {at}"), ..reply };
            assert!(comments::insert(&mut tx, &reply).await.expect("inserted"));
        }
        tx.commit().await.expect("a commit");
        let listed = owner.get(&film.version_at("/comments")).await.json;
        let listed = listed.as_array().expect("notes");
        assert_eq!(listed.len(), 2000);
        assert!(listed.iter().map(|note| note["anchor"]["first"].as_u64()).is_sorted());
        for note in listed.iter().filter(|note| note["id"] != first["id"]) {
            let answer = note["text"].as_str().expect("words").replace("Note", "Answer");
            assert_eq!(note["replies"][0]["text"], answer, "each with its own answer");
        }
    }
}

#[tokio::test]
async fn hostile_text_stays_text() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let film = server.screening(&mut owner, "Brand").await;
    for text in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "\"><svg onload=alert(1)>",
        "javascript:alert(1)",
        "=HYPERLINK(\"https://evil.example\",\"x\")",
        "'; DROP TABLE comment; --",
        "{{7*7}} ${7*7} %s %n",
        "</textarea>]]><!--",
        "line one\nline two\ttabbed 🎬 é 日本",
    ] {
        let answer = owner.post(&film.version_at("/comments"), note(1, 1, text)).await;
        assert_eq!(answer.json["text"], text);
        assert_eq!(answer.headers["content-type"], "application/json");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    }
    let turned = owner.post(&film.version_at("/comments"), note(1, 1, "abc\u{202e}txt.exe\u{0}")).await;
    assert_eq!(turned.json["text"], "abctxt.exe", "nothing that turns or hides the text around it");
    assert_eq!(owner.get(&film.version_at("/comments")).await.json.as_array().map(Vec::len), Some(10));
}
