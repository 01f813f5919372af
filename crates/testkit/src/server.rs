//! A running server on a real port, and people who talk to it.

use std::path::Path;

use picturelock_server::{Limits, Options, PlainHttp, Running, Workers};
use reqwest::header::{COOKIE, HeaderMap, SET_COOKIE};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Engine, Storage};

/// A server of its own for one test; everything it wrote goes with it.
pub struct TestServer {
    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub base: String,
    running: Option<Running>,
    folder: TempDir,
    options: Options,
}

/// Somebody with a browser: keeps cookies as a browser does.
#[derive(Clone)]
pub struct Person {
    base: String,
    client: reqwest::Client,
    cookies: Vec<(String, String)>,
}

/// What the server answered.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as JSON; null where it was none.
    pub json: Value,
}

impl TestServer {
    /// Starts on the embedded database and a local folder.
    pub async fn start() -> Self {
        Self::start_on(Engine::Sqlite, Storage::Local).await
    }

    /// Starts on the given engine and storage.
    pub async fn start_on(engine: Engine, storage: Storage) -> Self {
        Self::start_with(engine, storage, Workers::Fair).await
    }

    /// Starts on the given engine and storage with so many workers.
    pub async fn start_with(engine: Engine, storage: Storage, workers: Workers) -> Self {
        Self::start_as(engine, storage, workers, Limits::default()).await
    }

    /// Starts on the given engine and storage, with limits of its own and nobody who works.
    pub async fn start_within(engine: Engine, storage: Storage, limits: Limits) -> Self {
        Self::start_as(engine, storage, Workers::Exactly(0), limits).await
    }

    async fn start_as(engine: Engine, storage: Storage, workers: Workers, limits: Limits) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let options = Options {
            data: folder.path().to_owned(),
            listen: ([127, 0, 0, 1], 0).into(),
            database_url: Some(engine.new_database(folder.path()).await),
            storage_url: Some(storage.new_url(folder.path())),
            public_url: Some("https://review.studio.example".to_owned()),
            plain_http: PlainHttp::Refused,
            workers,
            limits,
        };
        let running = picturelock_server::serve(&options).await.expect("a server");
        Self { base: format!("http://{}", running.address), running: Some(running), folder, options }
    }

    /// Ends the server and starts it anew on the same data, on another port.
    pub async fn restart(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
        let running = picturelock_server::serve(&self.options).await.expect("a server");
        self.base = format!("http://{}", running.address);
        self.running = Some(running);
    }

    /// The options of another node on the same database and storage.
    pub fn options(&self) -> Options {
        self.options.clone()
    }

    /// As [`TestServer::restart`], with other limits.
    pub async fn restart_with(&mut self, limits: Limits) {
        self.options.limits = limits;
        self.restart().await;
    }

    /// The application behind the server.
    pub fn app(&self) -> &picturelock_app::App {
        &self.running.as_ref().expect("running").app
    }

    /// Runs a statement as somebody does who has the database itself.
    ///
    /// # Errors
    /// What the engine says when it refuses.
    pub async fn sql(&self, statement: &str) -> Result<u64, sqlx::Error> {
        use sqlx::{AssertSqlSafe, Connection as _, Executor as _};
        let url = self.options.database_url.as_deref().expect("a database");
        let statement = AssertSqlSafe(statement.to_owned());
        if url.starts_with("postgres") {
            let mut connection = sqlx::PgConnection::connect(url).await?;
            return Ok(connection.execute(sqlx::raw_sql(statement)).await?.rows_affected());
        }
        let mut connection = sqlx::SqliteConnection::connect(&format!("sqlite://{url}")).await?;
        Ok(connection.execute(sqlx::raw_sql(statement)).await?.rows_affected())
    }

    /// Where it keeps its data.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Somebody who is not signed in.
    pub fn visitor(&self) -> Person {
        Person::visiting(&self.base)
    }

    /// Sets the studio up; gives its owner, signed in.
    pub async fn owner(&self) -> Person {
        let mut owner = self.visitor();
        let form = json!({
            "studio_name": "Studio North", "name": "Olive Owner", "email": "owner@studio.example",
            "password": "four unrelated words", "sample_project": false
        });
        let answer = owner.post("/api/setup", form).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{:?}", answer.json);
        owner
    }

    /// Invites somebody with `role` and lets them accept; gives them signed in, and their account's id.
    pub async fn person(&self, owner: &mut Person, role: &str) -> (Person, String) {
        let email = format!("{role}-{}@studio.example", uuid::Uuid::now_v7().simple());
        let invited = owner.post("/api/invitations", json!({"email": email, "role": role})).await;
        assert_eq!(invited.status, StatusCode::CREATED, "{:?}", invited.json);
        let link = invited.json["link"].as_str().expect("a link");
        let token = link.split_once('#').expect("a fragment").1;
        let mut person = self.visitor();
        let form = json!({"token": token, "name": format!("Some {role}"), "password": "four unrelated words"});
        let accepted = person.post("/api/invitations/accept", form).await;
        assert_eq!(accepted.status, StatusCode::CREATED, "{:?}", accepted.json);
        let id = accepted.json["user"]["id"].as_str().expect("an id").to_owned();
        (person, id)
    }
}

impl Person {
    /// Somebody who is not signed in, at the server `base`, such as `http://127.0.0.1:40123`.
    pub fn visiting(base: &str) -> Self {
        // Two callers in one process may both try; the first wins, and both want the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self { base: base.to_owned(), client: reqwest::Client::new(), cookies: Vec::new() }
    }

    /// The same person after the server moved to `base`.
    pub fn moved_to(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// Fetches `path`.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// Posts `body` to `path`.
    pub async fn post(&mut self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(&body)).await
    }

    /// Puts `body` at `path`.
    pub async fn put(&mut self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    /// Patches `path` with `body`.
    pub async fn patch(&mut self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PATCH, path).json(&body)).await
    }

    /// Deletes `path`.
    pub async fn delete(&mut self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// A request as Picturelock's own pages make it.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.client.request(method, format!("{}{path}", self.base)).header("x-picturelock", "1");
        if cookies.is_empty() { request } else { request.header(COOKIE, cookies.join("; ")) }
    }

    /// Sends a request and keeps the cookies of the answer.
    pub async fn send(&mut self, request: RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        for cookie in headers.get_all(SET_COOKIE) {
            let text = cookie.to_str().expect("a cookie");
            let (name, rest) = text.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let body = response.bytes().await.expect("a body");
        Answer { status, headers, json: serde_json::from_slice(&body).unwrap_or(Value::Null) }
    }
}
