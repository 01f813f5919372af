//! What the server writes into its log: never a secret.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use picturelock_testkit::TestServer;
use reqwest::StatusCode;
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

/// A log that can be read again.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

// One test in this file: the log belongs to the whole process.
#[tokio::test]
async fn no_secret_reaches_the_log_even_at_its_most_talkative() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).with_max_level(tracing::Level::TRACE).finish();
    tracing::subscriber::set_global_default(subscriber).expect("the only log");

    let server = TestServer::start().await;
    let mut owner = server.owner().await;
    let film = server.screening(&mut owner, "Brand").await;
    let rights = json!({"comment": true, "decide": true, "download": true});
    let (share, secret) = film.share(&mut owner, rights, json!({"passphrase": "blue camera"})).await;
    let invited = owner.post("/api/invitations", json!({"email": "ed@studio.example", "role": "editor"})).await;
    let invitation = invited.json["link"].as_str().expect("a link").split_once('.').expect("a secret").1.to_owned();
    let token = invited.json["link"].as_str().expect("a link").split_once('#').expect("a token").1.to_owned();
    server.visitor().post("/api/invitations/look-up", json!({"token": token})).await;
    let mut guest = server.visitor();
    let open = format!("/api/shares/{share}/open");
    for passphrase in ["wrong tripod", "blue camera"] {
        guest.post(&open, json!({"secret": secret, "passphrase": passphrase})).await;
    }
    guest.post(&open, json!({"secret": "mistyped-secret"})).await;
    guest.put("/api/guest", json!({"name": "Dana", "email": "dana@secret.example"})).await;
    let explain = json!({"link": format!("https://review.studio.example/s/{share}#{secret}")});
    let explained = owner.post(&film.at(&format!("/shares/{share}/explain")), explain).await;
    assert_eq!(explained.status, StatusCode::OK);
    server.sql("DROP TABLE watched").await.expect("a fault");
    assert_eq!(guest.post(&film.version_at("/watched"), json!({"ranges": []})).await.status.as_u16(), 500);

    let text = String::from_utf8_lossy(&log.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned();
    assert!(text.contains("a request failed"), "the log was listened to");
    let secrets = [&secret, &invitation, "blue camera", "wrong tripod", "mistyped-secret", "four unrelated words"];
    for word in secrets.into_iter().chain(["dana@secret.example", "argon2id"]) {
        let line = text.lines().find(|line| line.contains(word));
        assert_eq!(line, None, "{word} is in the log");
    }
}
