//! Resumable uploads on every engine and storage: parts, resuming, checksums, refusals.

mod common;

use common::{project, reviewable};
use futures::StreamExt as _;
use picturelock_testkit::tus::{
    ask, base64, begin, film, head, offset, original, owner_again, part, part_bytes, send, send_rest, small_parts,
};
use picturelock_testkit::{Engine, Person, Storage, TestServer, engines, storages};
use reqwest::{Body, Method, StatusCode};
use serde_json::json;

async fn started(engine: Engine, storage: Storage) -> (TestServer, Person, String) {
    let server = TestServer::start_within(engine, storage, small_parts(storage)).await;
    let mut owner = server.owner().await;
    let project = project(&mut owner).await;
    (server, owner, project)
}

#[tokio::test]
async fn a_file_in_parts_becomes_a_version() {
    for engine in engines() {
        for storage in storages() {
            let (_server, mut owner, project) = started(engine, storage).await;
            let part = part_bytes(storage);
            let film = film(2 * part + 1000, 1);
            let pairs = [
                ("filename", "Brand film 60s.mov"),
                ("relative_path", "Cuts/Brand film 60s.mov"),
                ("stage", "fine_cut"),
                ("fingerprint", "abc"),
            ];
            let upload = begin(&mut owner, &project, film.len() as u64, &pairs).await;
            assert_eq!(send(&mut owner, &upload, 0, film.slice(..part as usize)).await.status, StatusCode::NO_CONTENT);
            let listed = owner.get(&format!("{project}/uploads")).await.json;
            assert_eq!((&listed[0]["offset"], &listed[0]["fingerprint"]), (&json!(part), &json!("abc")));
            assert_eq!(listed[0]["relative_path"], "Cuts/Brand film 60s.mov");
            let version = send_rest(&mut owner, &upload, &film, part).await;

            let shown = owner.get(&format!("{project}/versions/{version}")).await.json;
            assert_eq!((&shown["number"], &shown["file_name"]), (&json!(1), &json!("Brand film 60s.mov")));
            assert_eq!((&shown["bytes"], &shown["current"]), (&json!(film.len()), &json!(true)));
            let reviewables = owner.get(&format!("{project}/reviewables")).await.json;
            assert_eq!(reviewables[0]["name"], "Brand film 60s");
            assert_eq!(reviewables[0]["brief"]["stage"], "fine_cut");
            assert_eq!(original(&owner, &project, &version).await, film);
            assert_eq!(owner.get(&format!("{project}/uploads")).await.json, json!([]), "nothing unfinished");
            assert_eq!(head(&mut owner, &upload).await.headers["picturelock-version"], version.as_str());

            let cut = shown["reviewable_id"].as_str().expect("an id");
            let pairs = [("filename", "v2.mov"), ("reviewable", cut)];
            let upload = begin(&mut owner, &project, 10, &pairs).await;
            let second = send_rest(&mut owner, &upload, &film.slice(..10), part).await;
            let second = owner.get(&format!("{project}/versions/{second}")).await.json;
            assert_eq!((&second["number"], second["reviewable_id"].as_str()), (&json!(2), Some(cut)));
        }
    }
}

#[tokio::test]
async fn the_server_says_what_it_offers() {
    let (_server, mut owner, project) = started(Engine::Sqlite, Storage::Local).await;
    let request = owner.request(Method::OPTIONS, &format!("{project}/uploads"));
    let offer = owner.send(request).await;
    assert_eq!(offer.status, StatusCode::NO_CONTENT);
    for (name, value) in [
        ("tus-version", "1.0.0"),
        ("tus-extension", "creation,termination,expiration,checksum"),
        ("tus-checksum-algorithm", "sha1,sha256,blake3"),
        ("tus-max-size", "2199023255552"),
        ("picturelock-part-size", "65536"),
    ] {
        assert_eq!(offer.headers[name], value);
    }
    let request = owner.request(Method::OPTIONS, &format!("{project}/uploads")).header("upload-length", 1_u64 << 40);
    let large = owner.send(request).await.headers["picturelock-part-size"].to_str().expect("text").parse::<u64>();
    assert!(large.expect("a number") * 10_000 >= 1 << 40, "10,000 parts are enough");
}

#[tokio::test]
async fn an_upload_goes_on_after_a_broken_connection_and_a_restart() {
    for engine in engines() {
        for storage in storages() {
            let (mut server, mut owner, project) = started(engine, storage).await;
            let size = part_bytes(storage);
            let film = film(3 * size, 2);
            let upload = begin(&mut owner, &project, film.len() as u64, &[("filename", "cut.mov")]).await;
            send(&mut owner, &upload, 0, film.slice(..size as usize)).await;
            // Half a part, then the connection breaks.
            let half = film.slice(size as usize..(size + size / 2) as usize);
            let broken = futures::stream::iter([Ok(half), Err(std::io::Error::other("the cable"))]);
            let sent = part(&owner, &upload, size).body(Body::wrap_stream(broken)).send().await;
            assert!(sent.is_err());
            assert_eq!(offset(&mut owner, &upload).await, size, "half a part does not count");
            server.restart().await;
            let mut owner = owner_again(&server).await;
            assert_eq!(offset(&mut owner, &upload).await, size);
            let version = send_rest(&mut owner, &upload, &film, size).await;
            assert_eq!(original(&owner, &project, &version).await, film);
        }
    }
}

#[tokio::test]
async fn parts_out_of_order_twice_or_of_another_size_are_refused() {
    for engine in engines() {
        let (_server, mut owner, project) = started(engine, Storage::Local).await;
        let size = part_bytes(Storage::Local);
        let film = film(2 * size, 3);
        let upload = begin(&mut owner, &project, film.len() as u64, &[("filename", "cut.mov")]).await;
        let one = film.slice(..size as usize);
        assert_eq!(send(&mut owner, &upload, size, one.clone()).await.status, StatusCode::CONFLICT, "too early");
        for wrong in [0, 1, size - 1, size + 1, 2 * size] {
            let answer = send(&mut owner, &upload, 0, film.slice(..wrong as usize)).await;
            assert_eq!(answer.json["code"], "part_size", "{wrong}");
            assert!(answer.json["detail"].as_str().expect("words").contains("65536"), "{:?}", answer.json);
        }
        assert_eq!(send(&mut owner, &upload, 0, one.clone()).await.status, StatusCode::NO_CONTENT);
        assert_eq!(send(&mut owner, &upload, 0, one.clone()).await.json["code"], "offset", "again");
        // Without a length told beforehand: too short and too long show only while the body comes.
        for wrong in [size - 1, size + 1] {
            let pieces = futures::stream::iter([Ok::<_, std::io::Error>(film.slice(..wrong as usize))]).boxed();
            let answer = send(&mut owner, &upload, size, Body::wrap_stream(pieces)).await;
            assert!(answer.status.is_client_error() || answer.status.is_server_error(), "{wrong}: {:?}", answer.json);
        }
        assert_eq!(offset(&mut owner, &upload).await, size);
        let version = send_rest(&mut owner, &upload, &film, size).await;
        assert_eq!(original(&owner, &project, &version).await, film);
        let end = 2 * size;
        let again = send(&mut owner, &upload, end, Body::default()).await;
        assert_eq!(again.headers["picturelock-version"], version.as_str(), "asking again gives the same version");
    }
}

#[tokio::test]
async fn a_part_with_another_checksum_does_not_count() {
    for storage in storages() {
        let (_server, mut owner, project) = started(Engine::Sqlite, storage).await;
        let film = film(1000, 4);
        let upload = begin(&mut owner, &project, 1000, &[("filename", "cut.mov")]).await;
        let sums = [
            ("sha1", 20, StatusCode::from_u16(460).expect("a status")),
            ("sha256", 32, StatusCode::from_u16(460).expect("a status")),
            ("blake3", 32, StatusCode::from_u16(460).expect("a status")),
            ("md5", 16, StatusCode::BAD_REQUEST),
            ("sha1", 19, StatusCode::BAD_REQUEST),
        ];
        for (name, length, status) in sums {
            let sum = format!("{name} {}", base64(&vec![7; length]));
            let request = part(&owner, &upload, 0).header("upload-checksum", sum).body(film.clone());
            assert_eq!(owner.send(request).await.status, status, "{name}");
            assert_eq!(offset(&mut owner, &upload).await, 0);
        }
        let sum = format!("blake3 {}", base64(blake3::hash(&film).as_bytes()));
        let request = part(&owner, &upload, 0).header("upload-checksum", sum).body(film.clone());
        assert_eq!(owner.send(request).await.status, StatusCode::NO_CONTENT);
    }
}

#[tokio::test]
async fn what_breaks_the_protocol_is_refused_in_words() {
    let (server, mut owner, project) = started(Engine::Sqlite, Storage::Local).await;
    let name = [("filename", "cut.mov")];
    assert_eq!(ask(&mut owner, &project, 0, &name).await.json["code"], "empty_file");
    assert_eq!(ask(&mut owner, &project, (2 << 40) + 1, &name).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let unknown = [("filename", "cut.mov"), ("stage", "nap")];
    assert_eq!(ask(&mut owner, &project, 1, &unknown).await.status, StatusCode::BAD_REQUEST);
    let other = common::project(&mut owner).await;
    let foreign = reviewable(&mut owner, &other, "Other film").await;
    let foreign = [("filename", "cut.mov"), ("reviewable", foreign.as_str())];
    assert_eq!(ask(&mut owner, &project, 1, &foreign).await.status, StatusCode::NOT_FOUND);

    let uploads = format!("{project}/uploads");
    let no_length = owner.request(Method::POST, &uploads).header("upload-defer-length", 1);
    assert_eq!(owner.send(no_length).await.status, StatusCode::BAD_REQUEST);
    for (header, value) in [("upload-length", "-1"), ("upload-length", "1e3"), ("upload-metadata", "filename ***")] {
        let request = owner.request(Method::POST, &uploads).header(header, value);
        assert_eq!(owner.send(request).await.status, StatusCode::BAD_REQUEST, "{header}: {value}");
    }
    let version = owner.request(Method::POST, &uploads).header("tus-resumable", "0.2.2");
    assert_eq!(owner.send(version).await.status, StatusCode::PRECONDITION_FAILED);

    let upload = begin(&mut owner, &project, 1, &name).await;
    let untyped = owner.request(Method::PATCH, &upload).header("upload-offset", 0).body("x");
    assert_eq!(owner.send(untyped).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let (mut editor, id) = server.person(&mut owner, "editor").await;
    owner.put(&format!("{project}/people/{id}"), json!({})).await;
    assert_eq!(head(&mut editor, &upload).await.status, StatusCode::NOT_FOUND, "somebody else's");
    assert_eq!(send(&mut editor, &upload, 0, "x").await.status, StatusCode::NOT_FOUND);
    assert_eq!(send(&mut server.visitor(), &upload, 0, "x").await.status, StatusCode::UNAUTHORIZED);
    let wrong_project = upload.replace(&project, &other);
    assert_eq!(head(&mut owner, &wrong_project).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn hostile_names_are_data_or_refused() {
    let (server, mut owner, project) = started(Engine::Sqlite, Storage::Local).await;
    let long = format!("{}.mov", "x".repeat(10_000));
    for bad in ["", "..", "../..", "\u{0}", "cut\u{0}.mov", "\u{202e}\u{200b}", long.as_str()] {
        let answer = ask(&mut owner, &project, 1, &[("filename", bad)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad:.40?}");
    }
    for bad in ["../cut.mov", "/etc/cut.mov", "C:\\cut.mov", "a/../../cut.mov", "a\u{0}/cut.mov", long.as_str()] {
        let answer = ask(&mut owner, &project, 1, &[("filename", "cut.mov"), ("relative_path", bad)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad:.40?}");
    }
    for (sent, kept) in [
        ("../../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("film\u{202e}vom.exe", "filmvom.exe"),
        ("<img src=x onerror=alert(1)>.mov", "<img src=x onerror=alert(1)>.mov"),
        ("CON", "CON"),
        ("a\r\nSet-Cookie: b", "aSet-Cookie: b"),
        ("剪辑 – Schnitt.mov", "剪辑 – Schnitt.mov"),
    ] {
        let upload = begin(&mut owner, &project, 1, &[("filename", sent)]).await;
        let version = send_rest(&mut owner, &upload, &film(1, 0), 65_536).await;
        let shown = owner.get(&format!("{project}/versions/{version}")).await.json;
        assert_eq!(shown["file_name"], kept);
        assert_eq!(original(&owner, &project, &version).await.len(), 1, "{kept}");
    }
    let keys = server.app().store.list(None).await.expect("a list");
    assert!(keys.iter().all(|(key, _)| !key.as_str().contains("passwd")), "{keys:?}");
}
