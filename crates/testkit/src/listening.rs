//! A browser that listens to a project's live events.

use std::time::Duration;

use reqwest::{Method, Response, StatusCode};
use serde_json::Value;

use crate::Person;

/// How long something that must come may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// One event as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// The `id` field, if it had one.
    pub id: Option<i64>,
    /// The `event` field, or `message`.
    pub event: String,
    /// The data.
    pub json: Value,
}

/// An open stream.
pub struct Listener {
    response: Response,
    rest: Vec<u8>,
}

impl Listener {
    /// Listens below `project` (`/api/projects/…`) after the event `after`, or from now on.
    pub async fn open(person: &Person, project: &str, after: Option<i64>) -> Self {
        let mut request = person.request(Method::GET, &format!("{project}/events"));
        if let Some(after) = after {
            request = request.header("last-event-id", after.to_string());
        }
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut listener = Self { response, rest: Vec::new() };
        // The first block tells the position: from here on nothing is missed.
        listener.block().await.expect("a position");
        listener
    }

    /// The next event; nothing when the stream ends.
    pub async fn next(&mut self) -> Option<Heard> {
        loop {
            if let Some(heard) = read(&self.block().await?) {
                return Some(heard);
            }
        }
    }

    /// The next `count` events.
    pub async fn take(&mut self, count: usize) -> Vec<Heard> {
        let mut heard = Vec::with_capacity(count);
        while heard.len() < count {
            heard.push(self.next().await.expect("more events"));
        }
        heard
    }

    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.rest.windows(2).position(|pair| pair == b"\n\n") {
                let rest = self.rest.split_off(end + 2);
                let block = std::mem::replace(&mut self.rest, rest);
                return Some(String::from_utf8(block).expect("text"));
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk()).await.expect("something in time");
            self.rest.extend_from_slice(&chunk.ok()??);
        }
    }
}

fn read(block: &str) -> Option<Heard> {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    Some(Heard {
        id: field("id").map(|id| id.parse().expect("a number")),
        event: field("event").unwrap_or("message").to_owned(),
        json: serde_json::from_str(field("data")?).expect("json"),
    })
}
