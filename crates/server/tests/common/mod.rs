//! Projects with versions that can be watched, without the work of making proxies.

#![allow(dead_code, reason = "each suite uses a part of it")]

pub mod tus;

use bytes::Bytes;
use jiff::Timestamp;
use picturelock_app::files::{self, RECIPE};
use picturelock_db::versions::{NewVersion, Processed};
use picturelock_db::{accounts, reviewables, versions};
use picturelock_domain::frame::{FrameRate, FrameTable, RateClass, Run, TimeBase};
use picturelock_domain::id::{ContentHash, ProjectId, ReviewableId, VersionId};
use picturelock_domain::project::Stage;
use picturelock_domain::review::Brief;
use picturelock_domain::version::Footage;
use picturelock_testkit::{Person, TestServer};
use reqwest::StatusCode;
use serde_json::json;
use uuid::Uuid;

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

/// Adds a version whose file and whose largest proxy are `content`, ready to be watched; gives its id.
pub async fn ready_version(server: &TestServer, project: &str, reviewable: &str, content: &Bytes) -> String {
    let app = server.app();
    let project: ProjectId = project.rsplit('/').next().expect("an id").parse().expect("an id");
    let reviewable: ReviewableId = reviewable.parse().expect("an id");
    let key = files::upload(Uuid::now_v7()).expect("a key");
    app.store.put_bytes(&key, content.clone()).await.expect("stored");
    let hash = ContentHash::from_bytes(app.store.hash(&key, |_| {}).await.expect("hashed").blake3);
    for name in ["proxy-1080.mp4", "poster.jpg", "sprite-0.jpg", "peaks.json"] {
        let key = files::derived(hash, RECIPE, name).expect("a key");
        let content = if name == "proxy-1080.mp4" { content.clone() } else { Bytes::from(name) };
        app.store.put_bytes(&key, content).await.expect("stored");
    }
    let mut tx = app.db.write().await.expect("a transaction");
    let by = accounts::all(&mut tx).await.expect("accounts")[0].id;
    let id = VersionId::from_uuid(Uuid::now_v7());
    let new = NewVersion {
        id,
        project,
        reviewable,
        number: reviewables::next_number(&mut tx, reviewable).await.expect("a number"),
        file_name: "Größe 1 \"final\".mov".to_owned(),
        bytes: content.len() as u64,
        source_key: key.to_string(),
        uploaded_by: by,
        created_at: Timestamp::now(),
    };
    versions::insert(&mut tx, &new).await.expect("inserted");
    let made = processed(hash, content.len(), key.to_string());
    assert!(versions::set_processed(&mut tx, id, &made).await.expect("processed"));
    tx.commit().await.expect("committed");
    id.to_string()
}

fn processed(content_hash: ContentHash, bytes: usize, source_key: String) -> Processed {
    let rate = FrameRate::new(24, 1).expect("a rate");
    let runs = vec![Run { delta: 1, count: 48 }];
    Processed {
        footage: Footage {
            frame_count: 48,
            frame_rate: rate,
            rate_class: RateClass::Constant,
            start_timecode: None,
            width: 1920,
            height: 1080,
            duration_ms: 2000,
            has_audio: true,
            description: "MP4, H.264, AAC".to_owned(),
        },
        frame_table: FrameTable::from_runs(TimeBase { num: 1, den: 24 }, runs).expect("a table"),
        media: json!({
            "recipe": RECIPE,
            "proxies": [{"name": "proxy-1080.mp4", "width": 1920, "height": 1080, "bytes": bytes}],
            "poster": "poster.jpg",
            "sprites": {"tile_width": 160, "tile_height": 90, "columns": 8, "rows": 8, "sheets": ["sprite-0.jpg"],
                        "frames": [0, 24]},
            "peaks": "peaks.json"
        }),
        content_hash,
        source_key,
    }
}

/// The brief a stage comes with, as JSON.
pub fn usual_brief(stage: Stage) -> serde_json::Value {
    serde_json::to_value(Brief::of(stage)).expect("json")
}
