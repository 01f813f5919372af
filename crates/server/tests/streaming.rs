//! Media and originals over HTTP, on every engine and storage.

mod common;

use std::time::Duration;

use bytes::Bytes;
use common::{project, ready_version, reviewable};
use futures::StreamExt as _;
use picturelock_testkit::{Engine, Person, Storage, TestServer, engines, storages};
use reqwest::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, IF_RANGE, RANGE,
};
use reqwest::{Method, Response, StatusCode};
use serde_json::json;

/// A server with one version whose file is `content`; gives the version's address too.
async fn with_version(engine: Engine, storage: Storage, content: &Bytes) -> (TestServer, Person, String) {
    let server = TestServer::start_on(engine, storage).await;
    let mut owner = server.owner().await;
    let project = project(&mut owner).await;
    let cut = reviewable(&mut owner, &project, "Brand film 60s").await;
    let version = ready_version(&server, &project, &cut, content).await;
    (server, owner, format!("{project}/versions/{version}"))
}

fn pattern(bytes: usize) -> Bytes {
    (0..bytes).map(|at| (at * 31 % 251) as u8).collect()
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
                assert_eq!(whole.bytes().await.expect("bytes"), content);
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
                    assert_eq!(part.bytes().await.expect("bytes"), content.slice(expected), "{range}");
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
    let page = Bytes::from("<html><script>alert(1)</script>");
    let (_server, owner, version) = with_version(Engine::Sqlite, Storage::Local, &page).await;
    let answer = fetch(&owner, &format!("{version}/original"), &[]).await;
    let headers = answer.headers();
    assert_eq!(headers[CONTENT_TYPE], "application/octet-stream");
    assert_eq!(headers[CONTENT_SECURITY_POLICY], "sandbox; default-src 'none'");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["cross-origin-resource-policy"], "same-origin");
    assert_eq!(
        headers[CONTENT_DISPOSITION],
        "attachment; filename=\"Gr__e 1 _final_.mov\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%201%20%22final%22.mov"
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
        assert_eq!(answer.text().await.expect("text"), name);
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
