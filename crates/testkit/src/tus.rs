//! A browser that uploads, by the tus protocol.

use bytes::Bytes;
use picturelock_server::Limits;
use reqwest::{Body, Method, StatusCode};
use serde_json::json;

use crate::{Answer, Person, Storage, TestServer};

/// Small parts, so that small files have several.
pub fn small_parts(storage: Storage) -> Limits {
    let mut limits = Limits::default();
    limits.uploads.part_bytes = Some(part_bytes(storage));
    limits
}

/// The part size of [`small_parts`]; S3 knows a least one.
pub fn part_bytes(storage: Storage) -> u64 {
    match storage {
        Storage::Local => 64 * 1024,
        Storage::S3 => 5 * 1024 * 1024,
    }
}

/// Bytes that differ from place to place and from `seed` to `seed`.
pub fn film(bytes: u64, seed: u64) -> Bytes {
    (0..bytes).map(|at| ((at + seed) * 31 % 251) as u8).collect()
}

/// `Upload-Metadata` of these pairs.
pub fn metadata(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{key} {}", base64(value.as_bytes()))).collect();
    pairs.join(",")
}

/// Base64 with padding.
pub fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// Asks to begin an upload.
pub async fn ask(person: &mut Person, project: &str, bytes: u64, pairs: &[(&str, &str)]) -> Answer {
    let request = person.request(Method::POST, &format!("{project}/uploads")).header("tus-resumable", "1.0.0");
    let request = request.header("upload-length", bytes).header("upload-metadata", metadata(pairs));
    person.send(request).await
}

/// Begins an upload; gives its address.
pub async fn begin(person: &mut Person, project: &str, bytes: u64, pairs: &[(&str, &str)]) -> String {
    let begun = ask(person, project, bytes, pairs).await;
    assert_eq!(begun.status, StatusCode::CREATED, "{:?}", begun.json);
    begun.headers["location"].to_str().expect("text").to_owned()
}

/// Sends a part.
pub async fn send(person: &mut Person, upload: &str, offset: u64, body: impl Into<Body>) -> Answer {
    let request = part(person, upload, offset).body(body);
    person.send(request).await
}

/// A part to be sent.
pub fn part(person: &Person, upload: &str, offset: u64) -> reqwest::RequestBuilder {
    let request = person.request(Method::PATCH, upload).header("tus-resumable", "1.0.0");
    request.header("content-type", "application/offset+octet-stream").header("upload-offset", offset)
}

/// Asks where the upload stands.
pub async fn head(person: &mut Person, upload: &str) -> Answer {
    let request = person.request(Method::HEAD, upload).header("tus-resumable", "1.0.0");
    person.send(request).await
}

/// How much the server says it has.
pub async fn offset(person: &mut Person, upload: &str) -> u64 {
    let standing = head(person, upload).await;
    assert_eq!(standing.status, StatusCode::OK);
    standing.headers["upload-offset"].to_str().expect("text").parse().expect("a number")
}

/// Sends all that is missing; gives the version's id.
pub async fn send_rest(person: &mut Person, upload: &str, film: &Bytes, part: u64) -> String {
    let mut at = offset(person, upload).await;
    loop {
        let end = (at + part).min(film.len() as u64);
        let sent = send(person, upload, at, film.slice(at as usize..end as usize)).await;
        assert_eq!(sent.status, StatusCode::NO_CONTENT, "{:?}", sent.json);
        assert_eq!(sent.headers["upload-offset"], end.to_string().as_str());
        at = end;
        if at == film.len() as u64 {
            return sent.headers["picturelock-version"].to_str().expect("text").to_owned();
        }
    }
}

/// The studio's owner in another browser.
pub async fn owner_again(server: &TestServer) -> Person {
    let mut owner = server.visitor();
    let form = json!({"email": "owner@studio.example", "password": "four unrelated words"});
    assert_eq!(owner.post("/api/session", form).await.status, StatusCode::OK);
    owner
}

/// The file of the version, as it is downloaded.
pub async fn original(person: &Person, project: &str, version: &str) -> Bytes {
    let request = person.request(Method::GET, &format!("{project}/versions/{version}/original"));
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    answer.bytes().await.expect("bytes")
}
