//! Uploads that stop half-way, meet each other, meet a full disk, or are forgotten.

mod common;

use common::project;
use futures::StreamExt as _;
use jiff::{SignedDuration, Timestamp};
use picturelock_app::uploads;
use picturelock_db::uploads as table;
use picturelock_domain::id::UploadId;
use picturelock_server::Limits;
use picturelock_store::{Key, Part, PartsId};
use picturelock_testkit::tus::{
    begin, film, head, offset, original, owner_again, part, part_bytes, send, send_rest, small_parts,
};
use picturelock_testkit::{Engine, Person, Storage, TestServer, engines, storages};
use reqwest::{Body, StatusCode};
use serde_json::json;

async fn started(engine: Engine, storage: Storage) -> (TestServer, Person, String) {
    let server = TestServer::start_within(engine, storage, small_parts(storage)).await;
    let mut owner = server.owner().await;
    let project = project(&mut owner).await;
    (server, owner, project)
}

#[tokio::test]
async fn of_requests_that_write_the_same_part_one_wins() {
    for engine in engines() {
        for storage in storages() {
            let (_server, owner, project) = started(engine, storage).await;
            let size = part_bytes(storage);
            let upload = begin(&mut owner.clone(), &project, 2 * size, &[("filename", "cut.mov")]).await;
            for at in [0, size] {
                let rivals = (0..6).map(|seed| {
                    let (mut person, upload) = (owner.clone(), upload.clone());
                    async move { send(&mut person, &upload, at, film(size, seed)).await }
                });
                let answers = futures::future::join_all(rivals).await;
                let won = answers.iter().filter(|answer| answer.status == StatusCode::NO_CONTENT).count();
                let lost = answers.iter().filter(|answer| answer.status == StatusCode::CONFLICT).count();
                assert_eq!((won, lost), (1, 5), "{answers:?}");
            }
            let standing = head(&mut owner.clone(), &upload).await;
            let version = standing.headers["picturelock-version"].to_str().expect("text").to_owned();
            let file = original(&owner, &project, &version).await;
            for part in file.chunks(size as usize) {
                assert!((0..6).any(|seed| film(size, seed) == part), "a part is one request's, not a mixture");
            }
        }
    }
}

#[tokio::test]
async fn a_request_that_rests_keeps_others_off_until_it_is_gone() {
    for engine in engines() {
        let (_server, mut owner, project) = started(engine, Storage::Local).await;
        let size = part_bytes(Storage::Local);
        let film = film(size, 5);
        let upload = begin(&mut owner, &project, size, &[("filename", "cut.mov")]).await;
        let (begun, mut seen) = tokio::sync::mpsc::channel(1);
        let beginning = film.slice(..100);
        let body = futures::stream::once(async move {
            begun.send(()).await.expect("somebody waits");
            Ok::<_, std::io::Error>(beginning)
        });
        let resting = part(&owner, &upload, 0).body(Body::wrap_stream(body.chain(futures::stream::pending())));
        let resting = tokio::spawn(resting.send());
        seen.recv().await.expect("begun");
        // The first request may not have come to its claim yet; only one of the two can have it.
        while send(&mut owner, &upload, 0, film.slice(..100)).await.json["code"] != "part_size" {}
        let mut rival = send(&mut owner, &upload, 0, film.clone()).await;
        assert!([StatusCode::CONFLICT, StatusCode::NO_CONTENT].contains(&rival.status), "{:?}", rival.json);
        resting.abort();
        while rival.status == StatusCode::CONFLICT && rival.json["code"] != "offset" {
            rival = send(&mut owner, &upload, 0, film.clone()).await;
        }
        let version = head(&mut owner, &upload).await.headers["picturelock-version"].to_str().expect("text").to_owned();
        assert_eq!(original(&owner, &project, &version).await, film);
    }
}

/// Brings an upload to where a server that died after its last part left it.
async fn arrived(
    server: &TestServer,
    upload: &str,
    film: &bytes::Bytes,
) -> (Key, PartsId, Vec<picturelock_store::PartTag>) {
    let app = server.app();
    let id: UploadId = upload.rsplit('/').next().expect("an id").parse().expect("an id");
    let mut tx = app.db.read().await.expect("a transaction");
    let row = table::by_id(&mut tx, id).await.expect("a row").expect("a row");
    drop(tx);
    let (key, parts) = (Key::new(&row.blob_key).expect("a key"), PartsId(row.parts));
    let part = Part { number: 0, offset: 0, bytes: film.len() as u64 };
    let body = futures::stream::iter([Ok::<_, std::io::Error>(film.clone())]);
    let tag = app.store.write_part(&key, &parts, part, body).await.expect("written");
    let stored = table::StoredPart { number: 0, bytes: tag.bytes, tag: tag.tag.clone(), blake3: tag.blake3.clone() };
    let (now, mut tx) = (Timestamp::now(), app.db.write().await.expect("a transaction"));
    assert!(table::claim(&mut tx, id, 0, "dead", now, now).await.expect("claimed"));
    let expires = now + SignedDuration::from_hours(1);
    assert!(table::add_part(&mut tx, id, "dead", &stored, expires).await.expect("counted"));
    tx.commit().await.expect("committed");
    (key, parts, vec![tag])
}

#[tokio::test]
async fn a_server_that_died_after_the_last_part_makes_the_version_later() {
    for engine in engines() {
        for storage in storages() {
            let (mut server, mut owner, project) = started(engine, storage).await;
            let film = film(1000, 6);
            let mut addresses = Vec::new();
            for put_together in [false, true, false] {
                let upload = begin(&mut owner, &project, 1000, &[("filename", "cut.mov")]).await;
                let (key, parts, tags) = arrived(&server, &upload, &film).await;
                if put_together {
                    server.app().store.complete_parts(&key, &parts, &tags).await.expect("completed");
                }
                addresses.push(upload);
            }
            for upload in &addresses[..2] {
                let version = head(&mut owner, upload).await.headers["picturelock-version"].clone();
                assert_eq!(head(&mut owner, upload).await.headers["picturelock-version"], version, "made once");
                assert_eq!(original(&owner, &project, version.to_str().expect("text")).await, film);
            }
            server.restart().await;
            let mut owner = owner_again(&server).await;
            uploads::sweep(server.app(), Timestamp::now()).await.expect("swept");
            let reviewables = owner.get(&format!("{project}/reviewables")).await.json;
            assert_eq!(reviewables.as_array().expect("a list").len(), 3, "one version for each file: {reviewables}");
        }
    }
}

#[tokio::test]
async fn a_full_disk_refuses_before_it_is_full_and_the_upload_goes_on_later() {
    let full = Limits { reserve_bytes: 1 << 60, ..small_parts(Storage::Local) };
    for engine in engines() {
        let (mut server, mut owner, project) = started(engine, Storage::Local).await;
        let size = part_bytes(Storage::Local);
        let film = film(2 * size, 7);
        let upload = begin(&mut owner, &project, film.len() as u64, &[("filename", "cut.mov")]).await;
        send(&mut owner, &upload, 0, film.slice(..size as usize)).await;
        server.restart_with(full).await;
        let mut owner = owner_again(&server).await;
        let refused = send(&mut owner, &upload, size, film.slice(size as usize..)).await;
        assert_eq!((refused.status, &refused.json["code"]), (StatusCode::INSUFFICIENT_STORAGE, &json!("no_space")));
        assert!(refused.json["detail"].as_str().expect("words").contains("65536 bytes needed"), "{:?}", refused.json);
        let another = picturelock_testkit::tus::ask(&mut owner, &project, 1, &[("filename", "b.mov")]).await;
        assert_eq!(another.status, StatusCode::INSUFFICIENT_STORAGE);
        assert_eq!(offset(&mut owner, &upload).await, size);
        server.restart_with(small_parts(Storage::Local)).await;
        let mut owner = owner_again(&server).await;
        let version = send_rest(&mut owner, &upload, &film, size).await;
        assert_eq!(original(&owner, &project, &version).await, film);
    }
}

#[tokio::test]
async fn an_upload_given_up_or_out_of_time_leaves_nothing() {
    for engine in engines() {
        for storage in storages() {
            let (server, mut owner, project) = started(engine, storage).await;
            let size = part_bytes(storage);
            let mut halves = Vec::new();
            for _ in 0..2 {
                let upload = begin(&mut owner, &project, 2 * size, &[("filename", "cut.mov")]).await;
                send(&mut owner, &upload, 0, film(size, 8)).await;
                halves.push(upload);
            }
            let done = begin(&mut owner, &project, 10, &[("filename", "done.mov")]).await;
            let version = send_rest(&mut owner, &done, &film(10, 9), size).await;
            assert_eq!(owner.delete(&halves[0]).await.status, StatusCode::NO_CONTENT);
            assert_eq!(head(&mut owner, &halves[0]).await.status, StatusCode::NOT_FOUND);

            uploads::sweep(server.app(), Timestamp::now() + SignedDuration::from_hours(6 * 24)).await.expect("swept");
            assert_eq!(offset(&mut owner, &halves[1]).await, size, "six days are not too long");
            uploads::sweep(server.app(), Timestamp::now() + SignedDuration::from_hours(8 * 24)).await.expect("swept");
            assert_eq!(head(&mut owner, &halves[1]).await.status, StatusCode::NOT_FOUND);
            assert_eq!(owner.get(&format!("{project}/uploads")).await.json, json!([]));
            assert_eq!(original(&owner, &project, &version).await, film(10, 9), "what was finished stays");
            if storage == Storage::Local {
                let left = std::fs::read_dir(server.folder().join("files/.parts")).expect("a folder").count();
                assert_eq!(left, 0);
            }
        }
    }
}
