//! Notes out to editing programs.

use picturelock_domain::frame::{DropFrame, FrameRate, FrameTable, Run, StartTimecode, TimeBase};
use picturelock_testkit::{Person, Screening, Storage, TestServer, engines};
use reqwest::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

async fn write(person: &mut Person, path: &str, frame: u32, text: &str, audience: &str) -> String {
    let form = json!({"anchor": {"type": "frames", "first": frame, "last": frame}, "text": text, "kind": "change",
        "audience": audience, "client_key": Uuid::now_v7()});
    let made = person.post(path, form).await;
    assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.json);
    made.json["id"].as_str().expect("an id").to_owned()
}

struct Saved {
    status: StatusCode,
    disposition: String,
    kind: String,
    bytes: Vec<u8>,
}

async fn save(person: &Person, path: &str) -> Saved {
    let response = person.request(Method::GET, path).send().await.expect("an answer");
    let header =
        |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let (status, disposition, kind) = (response.status(), header("content-disposition"), header("content-type"));
    Saved { status, disposition, kind, bytes: response.bytes().await.expect("a body").to_vec() }
}

fn text(saved: &Saved) -> String {
    String::from_utf8(saved.bytes.clone()).expect("text")
}

async fn ntsc(server: &TestServer, film: &Screening, count: u32, start: Option<StartTimecode>) -> String {
    let rate = FrameRate::new(30_000, 1001).expect("a rate");
    let table = FrameTable::from_runs(TimeBase { num: 1001, den: 30_000 }, vec![Run { delta: 1, count }]);
    let table = table.expect("a table");
    let content = format!("ntsc {count} {start:?}");
    let (version, _) = server.labelled_version(&film.project, &film.reviewable, &content, (rate, start), table).await;
    film.at(&format!("/versions/{version}"))
}

#[tokio::test]
async fn every_format_holds_every_note_the_team_sees() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let film = server.screening(&mut owner, "Brand").await;
        let start = StartTimecode { frames: 107_892, drop_frame: DropFrame::Drop };
        let version = ntsc(&server, &film, 1000, Some(start)).await;
        let comments = format!("{version}/comments");
        let note = write(&mut owner, &comments, 30, "Hold the logo", "everyone").await;
        write(&mut owner, &comments, 60, "Between us", "team").await;
        let reply = json!({"text": "How long?", "audience": "team", "client_key": Uuid::now_v7()});
        owner.post(&film.at(&format!("/comments/{note}/replies")), reply).await;

        let offered = owner.get(&format!("{version}/exports")).await.json;
        assert_eq!((&offered["start_timecode"], &offered["can_drop"]), (&json!("01:00:00;00"), &json!(true)));
        let formats = offered["formats"].as_array().expect("formats");
        assert_eq!(formats.len(), 6);
        for format in formats {
            let code = format["format"].as_str().expect("a word");
            let saved = save(&owner, &format!("{version}/exports/{code}")).await;
            assert_eq!(saved.status, StatusCode::OK, "{code}: {}", text(&saved));
            assert!(saved.disposition.starts_with("attachment;"), "{}", saved.disposition);
            let content = text(&saved);
            for words in ["Hold the logo", "Between us", "How long?"] {
                assert!(content.contains(words), "{code} lacks {words}");
            }
            let link = format!("https://review.studio.example/projects/{}/versions/", film.project);
            assert!(content.contains(&link), "{code} links back");
            assert!(content.contains(&format!("?comment={note}")), "{code} links to the note");
        }
        let edl = text(&save(&owner, &format!("{version}/exports/edl")).await);
        assert!(edl.contains("FCM: DROP FRAME") && edl.contains("01:00:01;00"), "{edl}");
        let asked = text(&save(&owner, &format!("{version}/exports/edl?start=10:00:00:00&drop=false")).await);
        assert!(asked.contains("FCM: NON-DROP FRAME") && asked.contains("10:00:01:00"), "{asked}");
        assert_eq!(owner.get(&format!("{version}/exports/mpeg")).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_start_that_nobody_knows_is_asked_for() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let film = server.screening(&mut owner, "Brand").await;
    write(&mut owner, &film.version_at("/comments"), 5, "Here", "everyone").await;
    for format in ["edl", "avid", "csv"] {
        let refused = owner.get(&film.version_at(&format!("/exports/{format}"))).await;
        assert_eq!((refused.status, &refused.json["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("start_needed")));
    }
    for format in ["fcpxml", "xmeml", "otio"] {
        assert_eq!(save(&owner, &film.version_at(&format!("/exports/{format}"))).await.status, StatusCode::OK);
    }
    let given = save(&owner, &film.version_at("/exports/edl?start=01:00:00:00")).await;
    assert!(text(&given).contains("01:00:00:05"));
    for (query, code) in
        [("start=25:00:00:00", "start"), ("start=soon", "start"), ("start=01:00:00:00&drop=true", "start")]
    {
        let refused = owner.get(&film.version_at(&format!("/exports/edl?{query}"))).await;
        assert_eq!(refused.json["code"], code, "{query}");
    }
}

#[tokio::test]
async fn more_notes_than_a_file_holds_come_as_an_archive() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let film = server.screening(&mut owner, "Brand").await;
    let version = ntsc(&server, &film, 2000, None).await;
    let path = format!("{version}/comments");
    let writers = (0..8).map(|writer| {
        let (mut owner, path) = (owner.clone(), path.clone());
        async move {
            for frame in (writer..1000).step_by(8) {
                write(&mut owner, &path, frame, &format!("Note {frame}"), "everyone").await;
            }
        }
    });
    futures::future::join_all(writers).await;
    let saved = save(&owner, &format!("{version}/exports/edl?start=00:00:00:00")).await;
    assert_eq!((saved.status, saved.kind.as_str()), (StatusCode::OK, "application/zip"));
    assert!(saved.disposition.contains(".zip"), "{}", saved.disposition);
    // Stored, not squeezed: the names and the notes are there to be found.
    let content = String::from_utf8_lossy(&saved.bytes);
    assert!(content.starts_with("PK"));
    for words in ["1 of 2.edl", "2 of 2.edl", "Note 0", "Note 999"] {
        assert!(content.contains(words), "{words}");
    }
}

#[tokio::test]
async fn formulas_and_markup_are_harmless_in_files() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let film = server.screening(&mut owner, "Brand").await;
    let hostile = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "＝1+1", "<script>alert(1)</script>", "]]> & \"'"];
    for (frame, words) in hostile.iter().enumerate() {
        write(&mut owner, &film.version_at("/comments"), frame as u32 * 10, words, "everyone").await;
    }
    let listed = owner.get(&film.version_at("/comments")).await.json;
    for (at, words) in hostile.iter().enumerate() {
        assert_eq!(listed[at]["text"], *words, "kept as it was written");
    }
    let csv = save(&owner, &film.version_at("/exports/csv?start=00:00:00:00")).await;
    for cell in text(&csv).split(['\n', ',']) {
        let bare = cell.trim_start_matches('"');
        assert!(!bare.starts_with(['=', '+', '@', '＝']), "{cell}");
    }
    for format in ["fcpxml", "xmeml"] {
        let xml = text(&save(&owner, &film.version_at(&format!("/exports/{format}"))).await);
        assert!(!xml.contains("<script>") && !xml.contains("]]>"), "{xml}");
    }
}

#[tokio::test]
async fn guests_export_nothing() {
    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let film = server.screening(&mut owner, "Brand").await;
    let all = json!({"comment": true, "decide": true, "download": true});
    let mut guest = film.guest(&server, &mut owner, all, json!({})).await;
    for path in ["/exports", "/exports/csv?start=00:00:00:00"] {
        assert_eq!(guest.get(&film.version_at(path)).await.status, StatusCode::FORBIDDEN);
    }
}
