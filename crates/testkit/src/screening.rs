//! Something to review: a project with a version that can be watched, without the work of making proxies.

use bytes::Bytes;
use jiff::Timestamp;
use picturelock_app::files::{self, RECIPE};
use picturelock_db::reviewables::Reviewable;
use picturelock_db::versions::{NewVersion, Processed};
use picturelock_db::{accounts, reviewables, versions};
use picturelock_domain::frame::{FrameRate, FrameTable, Run, StartTimecode, TimeBase};
use picturelock_domain::id::{ContentHash, ProjectId, ReviewableId, VersionId};
use picturelock_domain::project::Stage;
use picturelock_domain::review::Brief;
use picturelock_domain::version::Footage;
use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Person, TestServer};

/// How many frames a screened version has.
pub const FRAMES: u32 = 200;

/// A project with one reviewable and its first version.
#[derive(Clone, Debug)]
pub struct Screening {
    /// The project's id.
    pub project: String,
    /// The reviewable's id.
    pub reviewable: String,
    /// The version's id.
    pub version: String,
    /// The hash of the version's file.
    pub hash: String,
}

impl Screening {
    /// An address below the project.
    pub fn at(&self, rest: &str) -> String {
        format!("/api/projects/{}{rest}", self.project)
    }

    /// An address below the version.
    pub fn version_at(&self, rest: &str) -> String {
        self.at(&format!("/versions/{}{rest}", self.version))
    }

    /// Makes a share link of the newest version; gives its id and its secret.
    pub async fn share(&self, producer: &mut Person, rights: Value, more: Value) -> (String, String) {
        let mut form = json!({"reviewable_id": self.reviewable, "label": "Client", "target": {"type": "newest"},
            "rights": rights, "guests_see_each_other": false});
        for (name, value) in more.as_object().cloned().unwrap_or_default() {
            form[name] = value;
        }
        let made = producer.post(&self.at("/shares"), form).await;
        assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.json);
        let link = made.json["link"].as_str().expect("a link");
        let (address, secret) = link.split_once('#').expect("a fragment");
        (address.rsplit('/').next().expect("an id").to_owned(), secret.to_owned())
    }

    /// Makes a share link as `share` does and comes by it, with the name *Dana*.
    pub async fn guest(&self, server: &TestServer, producer: &mut Person, rights: Value, more: Value) -> Person {
        let (share, secret) = self.share(producer, rights, more).await;
        self.guest_of(server, &share, &secret, "Dana").await
    }

    /// Somebody of this name who came by a share link.
    pub async fn guest_of(&self, server: &TestServer, share: &str, secret: &str, name: &str) -> Person {
        let mut guest = server.visitor();
        let opened = guest.post(&format!("/api/shares/{share}/open"), json!({"secret": secret})).await;
        assert_eq!(opened.status, StatusCode::OK, "{:?}", opened.json);
        let named = guest.put("/api/guest", json!({"name": name, "email": ""})).await;
        assert_eq!(named.status, StatusCode::OK, "{:?}", named.json);
        guest
    }
}

impl TestServer {
    /// Makes a project with a version that can be watched.
    pub async fn screening(&self, owner: &mut Person, name: &str) -> Screening {
        let made = owner.post("/api/projects", json!({"name": name, "client": "Acme"})).await;
        assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.json);
        let project = made.json["id"].as_str().expect("an id").to_owned();
        let reviewable = self.reviewable(&project, "Brand film").await;
        let (version, hash) = self.ready_version(&project, &reviewable, &format!("{name} 1")).await;
        Screening { project, reviewable, version, hash }
    }

    /// Adds a reviewable in fine cut; gives its id.
    pub async fn reviewable(&self, project: &str, name: &str) -> String {
        let id = ReviewableId::from_uuid(Uuid::now_v7());
        let mut tx = self.app().db.write().await.expect("a transaction");
        let new = Reviewable {
            id,
            project: project.parse().expect("an id"),
            name: name.to_owned(),
            brief: Brief::of(Stage::FineCut),
            created_at: Timestamp::now(),
        };
        reviewables::insert(&mut tx, &new).await.expect("inserted");
        tx.commit().await.expect("committed");
        id.to_string()
    }

    /// Adds a version made of `content` that can be watched; gives its id and the hash of its file.
    pub async fn ready_version(&self, project: &str, reviewable: &str, content: &str) -> (String, String) {
        let rate = FrameRate::new(25, 1).expect("a rate");
        let runs = vec![Run { delta: 1, count: FRAMES }];
        let table = FrameTable::from_runs(TimeBase { num: 1, den: 25 }, runs).expect("a table");
        self.labelled_version(project, reviewable, content, (rate, None), table).await
    }

    /// The same for footage of this rate, start timecode and frame table.
    pub async fn labelled_version(
        &self,
        project: &str,
        reviewable: &str,
        content: &str,
        labels: (FrameRate, Option<StartTimecode>),
        table: FrameTable,
    ) -> (String, String) {
        let app = self.app();
        let key = files::upload(Uuid::now_v7()).expect("a key");
        app.store.put_bytes(&key, Bytes::from(content.to_owned())).await.expect("stored");
        let hash = ContentHash::from_bytes(app.store.hash(&key, |_| {}).await.expect("hashed").blake3);
        for name in ["proxy-1080.mp4", "poster.jpg", "sprite-0.jpg", "peaks.json"] {
            let key = files::derived(hash, RECIPE, name).expect("a key");
            app.store.put_bytes(&key, Bytes::from(content.to_owned())).await.expect("stored");
        }
        let id = self.new_version(project, reviewable, content.len() as u64, key.as_str()).await;
        let made = processed(hash, content.len(), key.to_string(), labels, table);
        let mut tx = app.db.write().await.expect("a transaction");
        assert!(versions::set_processed(&mut tx, id, &made).await.expect("processed"));
        tx.commit().await.expect("committed");
        (id.to_string(), hash.to_string())
    }

    /// Adds a version that is still being prepared; gives its id.
    pub async fn unready_version(&self, project: &str, reviewable: &str) -> String {
        self.new_version(project, reviewable, 1, "uploads/none").await.to_string()
    }

    async fn new_version(&self, project: &str, reviewable: &str, bytes: u64, source_key: &str) -> VersionId {
        let id = VersionId::from_uuid(Uuid::now_v7());
        let project: ProjectId = project.parse().expect("an id");
        let reviewable: ReviewableId = reviewable.parse().expect("an id");
        let mut tx = self.app().db.write().await.expect("a transaction");
        let new = NewVersion {
            id,
            project,
            reviewable,
            number: reviewables::next_number(&mut tx, reviewable).await.expect("a number"),
            file_name: "brand film.mov".to_owned(),
            bytes,
            source_key: source_key.to_owned(),
            uploaded_by: accounts::all(&mut tx).await.expect("accounts")[0].id,
            created_at: Timestamp::now(),
        };
        versions::insert(&mut tx, &new).await.expect("inserted");
        tx.commit().await.expect("committed");
        id
    }
}

fn processed(
    content_hash: ContentHash,
    bytes: usize,
    source_key: String,
    (frame_rate, start_timecode): (FrameRate, Option<StartTimecode>),
    frame_table: FrameTable,
) -> Processed {
    let base = frame_table.time_base();
    Processed {
        footage: Footage {
            frame_count: frame_table.len(),
            frame_rate,
            rate_class: frame_table.class_at(frame_rate),
            start_timecode,
            width: 1920,
            height: 1080,
            duration_ms: frame_table.duration() * u64::from(base.num) * 1000 / u64::from(base.den),
            has_audio: true,
            description: "MP4, H.264, AAC".to_owned(),
        },
        frame_table,
        media: json!({
            "recipe": RECIPE,
            "proxies": [{"name": "proxy-1080.mp4", "width": 1920, "height": 1080, "bytes": bytes}],
            "poster": "poster.jpg",
            "sprites": {"tile_width": 160, "tile_height": 90, "columns": 8, "rows": 8, "sheets": ["sprite-0.jpg"],
                        "frames": [0, 100]},
            "peaks": "peaks.json"
        }),
        content_hash,
        source_key,
    }
}
