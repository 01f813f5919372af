//! From a stored file to a version that can be watched, by the real media tools, on every engine and storage.

use std::path::{Path, PathBuf};

use picturelock_db::jobs::State;
use picturelock_domain::id::{ProjectId, ReviewableId, VersionId};
use picturelock_testkit::{
    Engine, Person, Storage, TestServer, add_reviewable, add_version, clip, engines, eventually, shared, storages,
};
use reqwest::StatusCode;
use serde_json::{Value, json};

struct Studio {
    server: TestServer,
    owner: Person,
    project: ProjectId,
    reviewable: ReviewableId,
}

impl Studio {
    async fn open(engine: Engine, storage: Storage) -> Self {
        let server = TestServer::start_on(engine, storage).await;
        let mut owner = server.owner().await;
        let made = owner.post("/api/projects", json!({"name": "Film", "client": "Acme"})).await;
        let project = made.json["id"].as_str().expect("an id").parse().expect("an id");
        let reviewable = add_reviewable(server.app(), project).await;
        Self { server, owner, project, reviewable }
    }

    async fn add(&self, path: &Path) -> VersionId {
        add_version(self.server.app(), self.project, self.reviewable, path).await
    }

    fn address(&self, version: VersionId) -> String {
        format!("/api/projects/{}/versions/{version}", self.project)
    }

    /// The version once it is no longer being processed.
    async fn settled(&self, version: VersionId) -> Value {
        let (owner, address) = (self.owner.clone(), self.address(version));
        eventually("the version is settled", async || {
            let view = owner.clone().get(&address).await.json;
            (view["state"] != "processing").then_some(view)
        })
        .await
    }

    async fn files(&self) -> Vec<String> {
        let listed = self.server.app().store.list(None).await.expect("a list");
        listed.into_iter().map(|(key, _)| key.to_string()).collect()
    }

    /// Waits until no job waits or runs, and looks that nothing was left in the scratch folder.
    async fn quiet(&self) {
        let app = self.server.app();
        eventually("all work is done", async || {
            let mut tx = app.db.read().await.expect("a transaction");
            let unfinished = picturelock_db::jobs::unfinished(&mut tx).await.expect("a count");
            (unfinished == 0).then_some(())
        })
        .await;
        eventually("work in progress is swept", async || {
            let mut workers = std::fs::read_dir(&app.settings.scratch).expect("a folder").flatten();
            workers.all(|worker| names(&worker.path()) == ["lock"]).then_some(())
        })
        .await;
    }
}

fn id(thing: &Value) -> &str {
    thing["id"].as_str().expect("an id")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[tokio::test]
async fn a_film_becomes_ready_and_the_same_bytes_are_not_made_twice() {
    for engine in engines() {
        for storage in storages() {
            let mut studio = Studio::open(engine, storage).await;
            let film = clip(studio.server.folder(), 1, 0);
            let first = studio.add(&film).await;
            let view = studio.settled(first).await;
            assert_eq!((&view["state"], &view["reason"]), (&json!("ready"), &Value::Null));
            assert_eq!(view["footage"]["frame_count"], 25);
            let hash = view["content_hash"].as_str().expect("a hash").to_owned();
            let table = studio.owner.get(&format!("{}/frame-table", studio.address(first))).await.json;
            assert_eq!(table["runs"].as_array().map(Vec::len), Some(1));
            for name in [&view["media"]["poster"], &view["media"]["proxies"][0]["name"], &view["media"]["peaks"]] {
                let path = format!("{}/media/{}", studio.address(first), name.as_str().expect("a name"));
                assert_eq!(studio.owner.get(&path).await.status, StatusCode::OK, "{path}");
            }
            let files = studio.files().await;
            assert!(files.contains(&format!("source/{hash}")), "{files:?}");
            assert!(!files.iter().any(|key| key.starts_with("uploads/")), "{files:?}");

            let second = studio.add(&film).await;
            let again = studio.settled(second).await;
            assert_eq!((&again["media"], &again["content_hash"]), (&view["media"], &view["content_hash"]));
            assert_eq!(again["same_bytes_as"], 1);
            assert_eq!(studio.files().await, files, "nothing was stored twice");

            studio.owner.delete(&studio.address(first)).await;
            studio.quiet().await;
            assert_eq!(studio.files().await, files, "the second still needs them");
            studio.owner.delete(&studio.address(second)).await;
            studio.quiet().await;
            assert_eq!(studio.files().await, Vec::<String>::new());
        }
    }
}

#[tokio::test]
async fn a_film_cut_off_is_never_ready_and_says_why() {
    for storage in storages() {
        let studio = Studio::open(Engine::Sqlite, storage).await;
        let film = std::fs::read(clip(studio.server.folder(), 4, 0)).expect("a film");
        let cut: PathBuf = studio.server.folder().join("cut.mp4");
        std::fs::write(&cut, &film[..film.len() * 7 / 10]).expect("a file");
        let view = studio.settled(studio.add(&cut).await).await;
        assert_eq!(view["state"], "failed");
        let reason = view["reason"].as_str().expect("a reason");
        assert!(reason.contains("ends early") && reason.contains("upload the new file"), "{reason}");
        let job = &view["job"];
        assert_eq!((&job["state"], &job["error"], &job["attempts"]), (&json!("failed"), &view["reason"], &json!(1)));
        studio.quiet().await;
    }
}

#[tokio::test]
async fn hostile_files_are_refused_and_the_queue_goes_on() {
    let Some(folder) = shared("hostile-media") else { return };
    let canary = std::net::TcpListener::bind("127.0.0.1:9137");
    let mut studio = Studio::open(Engine::Sqlite, Storage::Local).await;
    let mut versions = Vec::new();
    let mut entries: Vec<PathBuf> = std::fs::read_dir(&folder).expect("a folder").flatten().map(|e| e.path()).collect();
    entries.sort();
    for path in entries.iter().filter(|path| path.extension().is_none_or(|extension| extension != "md")) {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        versions.push((name, studio.add(path).await));
    }
    for (name, version) in versions {
        let view = studio.settled(version).await;
        let expected = if name.starts_with("good.") { "ready" } else { "failed" };
        assert_eq!(view["state"], expected, "{name}: {}", view["reason"]);
        if expected == "failed" {
            let reason = view["reason"].as_str().expect("a reason");
            assert!(reason.len() > 20 && !reason.contains("fault on the server"), "{name}: {reason}");
            assert_eq!(view["media"], Value::Null);
            assert_eq!(studio.owner.get(&format!("{}/media/poster.jpg", studio.address(version))).await.status, 404);
        }
    }
    if let Ok(listener) = canary {
        listener.set_nonblocking(true).expect("a listener");
        assert!(listener.accept().is_err(), "nobody called");
    }
    let view = studio.settled(studio.add(&clip(studio.server.folder(), 1, 0)).await).await;
    assert_eq!(view["state"], "ready", "the queue goes on");
    studio.quiet().await;
}

#[tokio::test]
async fn a_version_deleted_while_it_is_made_leaves_nothing() {
    let mut studio = Studio::open(Engine::Sqlite, Storage::Local).await;
    let version = studio.add(&clip(studio.server.folder(), 240, 0)).await;
    let app = studio.server.app().clone();
    eventually("proxies are being made", async || {
        let mut tx = app.db.read().await.expect("a transaction");
        let job = picturelock_db::jobs::of_version(&mut tx, version, "process_version").await.expect("an answer")?;
        (job.state == State::Running && job.progress > 200).then_some(())
    })
    .await;
    studio.owner.delete(&studio.address(version)).await;
    studio.quiet().await;
    assert_eq!(studio.files().await, Vec::<String>::new());
    assert_eq!(studio.settled(version).await["state"], "deleted");
}

#[tokio::test]
async fn derived_files_that_are_gone_are_made_again() {
    let mut studio = Studio::open(Engine::Sqlite, Storage::Local).await;
    let film = clip(studio.server.folder(), 1, 0);
    let version = studio.add(&film).await;
    studio.settled(version).await;
    let hash = studio.settled(version).await["content_hash"].as_str().expect("a hash").to_owned();
    let source = picturelock_store::Key::new(&format!("source/{hash}")).expect("a key");
    let app = studio.server.app().clone();
    app.store.delete(&source).await.expect("deleted");
    app.store.delete_prefix(&picturelock_store::Key::new("derived").expect("a key")).await.expect("deleted");

    // The same bytes once more: nothing can be reused, everything is made again.
    let again = studio.add(&film).await;
    assert_eq!(studio.settled(again).await["state"], "ready");
    assert_eq!(studio.owner.get(&format!("{}/media/poster.jpg", studio.address(version))).await.status, 200);
}

#[tokio::test]
async fn the_first_run_ends_with_a_sample_to_touch() {
    let server = TestServer::start().await;
    let mut owner = server.visitor();
    let form = json!({"studio_name": "Studio North", "name": "Olive Owner", "email": "owner@studio.example",
        "password": "four unrelated words", "sample_project": true});
    assert_eq!(owner.post("/api/setup", form).await.status, StatusCode::CREATED);
    let project = owner.get("/api/projects").await.json[0].clone();
    assert!(project["name"].as_str().expect("a name").starts_with("Sample: "));
    let path = format!("/api/projects/{}/reviewables", project["id"].as_str().expect("an id"));
    let listed = async || owner.clone().get(&path).await.json[0].clone();
    let ready = async |count: usize| {
        let reviewable = listed().await;
        let versions = reviewable["versions"].as_array().expect("versions").clone();
        let ready = versions.iter().filter(|version| version["state"] == "ready").count();
        (ready == count).then_some(reviewable)
    };
    eventually("the first version is filmed", async || Some(listed().await["versions"].get(0)?.clone())).await;
    eventually("the second version is filmed", async || Some(listed().await["versions"].get(1)?.clone())).await;
    eventually("one version can be watched", async || ready(1).await.or(ready(2).await)).await;
    let reviewable = eventually("both versions can be watched", async || ready(2).await).await;
    assert_eq!(reviewable["versions"][0]["footage"]["frame_count"], 480);
    assert!(!reviewable["brief"]["look_at"].as_array().expect("lines").is_empty());

    let project = project["id"].as_str().expect("an id");
    let notes = format!("/api/projects/{project}/versions/{}/comments", id(&reviewable["versions"][0]));
    let with_stills = eventually("every note has its still", async || {
        let notes = owner.clone().get(&notes).await.json;
        notes.as_array()?.iter().all(|note| note["has_still"] == true).then_some(notes)
    })
    .await;
    let with_stills = with_stills.as_array().expect("notes");
    assert_eq!(with_stills.len(), 3);
    for note in with_stills {
        let address = format!("/api/projects/{project}/comments/{}", id(note));
        assert_eq!(owner.get(&format!("{address}/still.jpg")).await.status, StatusCode::OK);
        assert_eq!(owner.delete(&address).await.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(owner.get(&notes).await.json, json!([]));
}
