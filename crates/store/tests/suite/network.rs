//! Servers that are away, say no, or stop in the middle.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener};

use futures::TryStreamExt;
use picturelock_store::{Error, Options, Store};

use crate::place::{content, credentials, key};

fn store(endpoint: &str) -> Store {
    let options = Options { credentials: Some(credentials()), ..Options::default() };
    Store::open_with(&format!("s3://bucket/prefix?endpoint={endpoint}"), options).expect("opens without a server")
}

/// Answers every request on a connection of its own with the same bytes.
fn server_that_says(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let Ok(mut connection) = connection else { continue };
            let mut request = Vec::new();
            let mut piece = [0; 4096];
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                match connection.read(&mut piece) {
                    Ok(length) if length > 0 => request.extend_from_slice(&piece[..length]),
                    Ok(_) | Err(_) => break,
                }
            }
            let _ = connection.write_all(answer.as_bytes());
            // Closing with bytes unread would reset the connection before the answer is read.
            let _ = connection.shutdown(Shutdown::Write);
            let _ = std::io::copy(&mut connection, &mut std::io::sink());
        }
    });
    endpoint
}

#[tokio::test]
async fn a_server_that_is_away_is_worth_another_try() {
    for endpoint in ["http://127.0.0.1:1", "https://127.0.0.1:1"] {
        let result = store(endpoint).size(&key("a")).await;
        assert!(matches!(&result, Err(error @ Error::Unreachable(_)) if error.is_retryable()), "{endpoint} {result:?}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_let_us_in_says_so() {
    let store = store(&server_that_says("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    assert!(matches!(store.size(&key("a")).await, Err(Error::Denied(_))));
    assert!(matches!(store.probe().await, Err(Error::Denied(_))));
    assert!(matches!(store.begin_parts(&key("a")).await, Err(Error::Denied(_))));
    assert!(matches!(store.list(None).await, Err(Error::Denied(_))));
    assert!(matches!(store.put_bytes(&key("a"), content(10, 1)).await, Err(Error::Denied(_))));
}

#[tokio::test]
async fn a_bucket_that_is_not_there_is_named() {
    let store = store(&server_that_says(
        "HTTP/1.1 404 Not Found\r\nContent-Length: 39\r\nConnection: close\r\n\r\n<Error><Code>NoSuchBucket</Code></Error>",
    ));
    let result = store.begin_parts(&key("a")).await;
    assert!(matches!(&result, Err(Error::Refused { reason }) if reason.contains("bucket")), "{result:?}");
}

#[tokio::test]
async fn a_body_that_stops_in_the_middle_is_no_success() {
    let store = store(&server_that_says(
        "HTTP/1.1 206 Partial Content\r\nContent-Length: 1000\r\nContent-Range: bytes 0-999/1000\r\n\
         ETag: \"a\"\r\nLast-Modified: Sun, 22 Nov 2026 10:00:00 GMT\r\nConnection: close\r\n\r\nonly this",
    ));
    let stream = store.read(&key("a"), 0..1000).await.expect("it begins well");
    let read: Result<Vec<_>, _> = stream.try_collect().await;
    assert!(read.is_err(), "{read:?}");
}
