//! Media and originals over HTTP, on every engine and storage.

use std::time::Duration;

use futures::StreamExt as _;
use picturelock_testkit::{Engine, Person, Storage, TestServer, engines, storages};
use reqwest::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, IF_RANGE, RANGE,
};
use reqwest::{Method, Response, StatusCode};
use serde_json::json;

/// A server with one version whose file is `content`; gives the version's address too.
async fn with_version(engine: Engine, storage: Storage, content: &str) -> (TestServer, Person, String) {
    let server = TestServer::start_on(engine, storage).await;
    let mut owner = server.owner().await;
    let mut film = server.screening(&mut owner, "Brand").await;
    (film.version, film.hash) = server.ready_version(&film.project, &film.reviewable, content).await;
    (server, owner, film.version_at(""))
}

/// Letters that differ from place to place.
fn pattern(bytes: usize) -> String {
    (0..bytes).map(|at| char::from(b'!' + (at * 31 % 89) as u8)).collect()
}

async fn fetch(person: &Person, address: &str, headers: &[(&str, &str)]) -> Response {
    let request = person.request(Method::GET, address);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.send().await.expect("an answer")
}

#[tokio::test]
async fn ranges_give_exactly_the_bytes_asked_for() {
    let content = pattern(700_001);
    for engine in engines() {
        for storage in storages() {
            let (_server, owner, version) = with_version(engine, storage, &content).await;
            for address in [format!("{version}/media/proxy-1080.mp4"), format!("{version}/original")] {
                let whole = fetch(&owner, &address, &[]).await;
                assert_eq!(whole.status(), StatusCode::OK);
                assert_eq!(whole.headers()["accept-ranges"], "bytes");
                assert_eq!(whole.text().await.expect("text"), content);
                for (range, expected) in [
                    ("bytes=0-0", 0..1),
                    ("bytes=1000-", 1000..700_001),
                    ("bytes=-3", 699_998..700_001),
                    ("bytes=262143-262145", 262_143..262_146),
                    ("bytes=700000-99999999", 700_000..700_001),
                ] {
                    let part = fetch(&owner, &address, &[(RANGE.as_str(), range)]).await;
                    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT, "{range}");
                    let text = format!("bytes {}-{}/700001", expected.start, expected.end - 1);
                    assert_eq!(part.headers()[CONTENT_RANGE], text.as_str());
                    assert_eq!(part.text().await.expect("text"), content[expected], "{range}");
                }
                let beyond = fetch(&owner, &address, &[(RANGE.as_str(), "bytes=700001-")]).await;
                assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
                assert_eq!(beyond.headers()[CONTENT_RANGE], "bytes */700001");
            }
        }
    }
}

#[tokio::test]
async fn what_the_browser_has_already_is_not_sent_again() {
    let (_server, owner, version) = with_version(Engine::Sqlite, Storage::Local, &pattern(5000)).await;
    let address = format!("{version}/media/proxy-1080.mp4");
    let first = fetch(&owner, &address, &[]).await;
    assert_eq!(first.headers()[CACHE_CONTROL], "private, no-cache", "a cache asks each time");
    let tag = first.headers()[ETAG].to_str().expect("text").to_owned();
    let same = fetch(&owner, &address, &[(IF_NONE_MATCH.as_str(), &tag)]).await;
    assert_eq!(same.status(), StatusCode::NOT_MODIFIED);
    let going_on = [(RANGE.as_str(), "bytes=10-19"), (IF_RANGE.as_str(), tag.as_str())];
    assert_eq!(fetch(&owner, &address, &going_on).await.status(), StatusCode::PARTIAL_CONTENT);
    let other_file = [(RANGE.as_str(), "bytes=10-19"), (IF_RANGE.as_str(), "\"other\"")];
    assert_eq!(fetch(&owner, &address, &other_file).await.status(), StatusCode::OK, "all of the file it has not");
    let head = owner.request(Method::HEAD, &address).send().await.expect("an answer");
    assert_eq!((head.status(), &head.headers()[CONTENT_LENGTH]), (StatusCode::OK, &"5000".parse().expect("a value")));
}

#[tokio::test]
async fn an_original_is_saved_and_never_runs() {
    let page = "<html><script>alert(1)</script>";
    let (_server, owner, version) = with_version(Engine::Sqlite, Storage::Local, page).await;
    let answer = fetch(&owner, &format!("{version}/original"), &[]).await;
    let headers = answer.headers();
    assert_eq!(headers[CONTENT_TYPE], "application/octet-stream");
    assert_eq!(headers[CONTENT_SECURITY_POLICY], "sandbox; default-src 'none'");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["cross-origin-resource-policy"], "same-origin");
    assert_eq!(
        headers[CONTENT_DISPOSITION],
        "attachment; filename=\"brand film.mov\"; filename*=UTF-8''brand%20film.mov"
    );
}

#[tokio::test]
async fn only_names_the_version_lists_are_files() {
    let (_server, mut owner, version) = with_version(Engine::Sqlite, Storage::Local, &pattern(10)).await;
    for (name, kind) in
        [("poster.jpg", "image/jpeg"), ("sprite-0.jpg", "image/jpeg"), ("peaks.json", "application/json")]
    {
        let answer = fetch(&owner, &format!("{version}/media/{name}"), &[]).await;
        assert_eq!(
            (answer.status(), &answer.headers()[CONTENT_TYPE]),
            (StatusCode::OK, &kind.parse().expect("a value"))
        );
        assert_eq!(answer.text().await.expect("text").len(), 10);
    }
    for name in
        ["proxy-540.mp4", "..%2Fproxy-1080.mp4", "%2e%2e%2f%2e%2e%2fpicturelock.db", "poster.jpg%00", "POSTER.JPG"]
    {
        let answer = owner.get(&format!("{version}/media/{name}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{name}");
    }
    assert_eq!(owner.get(&format!("{version}/media/proxy-1080.mp4?as=guest")).await.status, StatusCode::UNAUTHORIZED);
}

/// Reads slowly until the stream breaks off; gives how much came.
async fn read_until_broken(answer: Response) -> u64 {
    let mut pieces = answer.bytes_stream();
    let mut read = 0;
    while let Some(piece) = pieces.next().await {
        match piece {
            Ok(piece) => read += piece.len() as u64,
            Err(_) => return read,
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the whole file came, {read} bytes");
}

#[tokio::test]
async fn a_running_stream_ends_when_the_right_to_it_does() {
    let content = pattern(64 * 1024 * 1024);
    for engine in engines() {
        let (server, mut owner, version) = with_version(engine, Storage::Local, &content).await;
        let signed_out = fetch(&owner, &format!("{version}/media/proxy-1080.mp4"), &[]).await;
        let mut second = server.visitor();
        let form = json!({"email": "owner@studio.example", "password": "four unrelated words"});
        second.post("/api/session", form).await;
        let deleted = fetch(&second, &format!("{version}/original"), &[]).await;
        assert_eq!(owner.delete("/api/session").await.status, StatusCode::NO_CONTENT);
        assert_eq!(second.delete(&version).await.status, StatusCode::NO_CONTENT);
        let (one, other) = tokio::join!(read_until_broken(signed_out), read_until_broken(deleted));
        assert!(one < content.len() as u64 && other < content.len() as u64);
    }
}

#[tokio::test]
async fn a_revoked_link_ends_what_its_guest_is_watching() {
    for engine in engines() {
        let server = TestServer::start_on(engine, Storage::Local).await;
        let mut owner = server.owner().await;
        let mut film = server.screening(&mut owner, "Brand").await;
        let content = pattern(64 * 1024 * 1024);
        (film.version, film.hash) = server.ready_version(&film.project, &film.reviewable, &content).await;
        let rights = json!({"comment": false, "decide": false, "download": false});
        let (share, secret) = film.share(&mut owner, rights, json!({})).await;
        let mut guest = server.visitor();
        guest.post(&format!("/api/shares/{share}/open"), json!({"secret": secret})).await;
        assert_eq!(fetch(&guest, &film.version_at("/original"), &[]).await.status(), StatusCode::FORBIDDEN);
        let proxy = film.version_at("/media/proxy-1080.mp4");
        let watching = fetch(&guest, &proxy, &[]).await;
        assert_eq!(watching.status(), StatusCode::OK);
        let tag = watching.headers()[ETAG].to_str().expect("text").to_owned();
        assert_eq!(owner.delete(&film.at(&format!("/shares/{share}"))).await.status, StatusCode::NO_CONTENT);
        let cached = fetch(&guest, &proxy, &[(IF_NONE_MATCH.as_str(), &tag)]).await;
        assert!(cached.status().is_client_error(), "not even that the cache is still good: {}", cached.status());
        assert!(read_until_broken(watching).await < content.len() as u64);
    }
}
