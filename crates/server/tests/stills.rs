//! The picture kept with a note, made by the real media tools.

use picturelock_domain::id::ProjectId;
use picturelock_testkit::{
    Engine, Listener, Storage, TestServer, add_reviewable, add_version, clip, engines, eventually, skip, storages,
};
use reqwest::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

#[tokio::test]
async fn a_note_gets_the_picture_of_its_frame_and_loses_it_with_its_deletion() {
    let everywhere = engines().into_iter().map(|engine| (engine, Storage::Local));
    let stores = storages().into_iter().map(|storage| (Engine::Sqlite, storage));
    for (engine, storage) in everywhere.chain(stores.skip(1)) {
        let server = TestServer::start_on(engine, storage).await;
        if server.app().tools.is_none() {
            skip("no ffmpeg");
            return;
        }
        let mut owner = server.owner().await;
        let made = owner.post("/api/projects", json!({"name": "Film", "client": "Acme"})).await;
        let project: ProjectId = made.json["id"].as_str().expect("an id").parse().expect("an id");
        let reviewable = add_reviewable(server.app(), project).await;
        let version = add_version(server.app(), project, reviewable, &clip(server.folder(), 1, 90)).await;
        let at = format!("/api/projects/{project}");
        let address = format!("{at}/versions/{version}");
        eventually("the version is ready", async || {
            let view = owner.clone().get(&address).await.json;
            assert_ne!(view["state"], "failed", "{view}");
            (view["state"] == "ready").then_some(())
        })
        .await;

        let mut live = Listener::open(&owner, &at, None).await;
        let form = json!({"anchor": {"type": "frames", "first": 12, "last": 12}, "text": "This frame",
            "kind": "change", "audience": "everyone", "client_key": Uuid::now_v7()});
        let note = owner.post(&format!("{address}/comments"), form).await.json;
        let ready = loop {
            let heard = live.next().await.expect("more events");
            if heard.json["kind"] == "still_ready" {
                break heard;
            }
        };
        assert_eq!((&ready.json["comment_id"], &ready.json["comment"]["has_still"]), (&note["id"], &json!(true)));
        let path = format!("{at}/comments/{}/still.jpg", note["id"].as_str().expect("an id"));
        let answer = owner.request(Method::GET, &path).send().await.expect("an answer");
        assert_eq!(
            (answer.status(), &answer.headers()["content-type"]),
            (StatusCode::OK, &"image/jpeg".parse().expect("a value"))
        );
        let picture = answer.bytes().await.expect("a picture");
        assert!(picture.starts_with(&[0xff, 0xd8, 0xff]), "a JPEG");
        assert_eq!(owner.get(&format!("{address}/comments")).await.json[0]["has_still"], true);

        owner.delete(path.trim_end_matches("/still.jpg")).await;
        assert_eq!(owner.get(&path).await.status, StatusCode::NOT_FOUND);
    }
}
