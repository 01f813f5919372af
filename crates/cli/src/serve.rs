//! `serve` and `worker`.

use std::net::SocketAddr;
use std::path::PathBuf;

use picturelock_server::{Limits, Options, PlainHttp, Workers};
use tracing_subscriber::EnvFilter;

use crate::outcome::{Outcome, Stop};

/// Where things are.
#[derive(clap::Args, Clone)]
pub struct Place {
    /// Folder of the embedded database, files and work in progress.
    #[arg(long, env = "PICTURELOCK_DATA", default_value = "data")]
    data: PathBuf,
    /// Another database: postgres://user@host/name.
    #[arg(long, env = "PICTURELOCK_DATABASE_URL")]
    database_url: Option<String>,
    /// Other storage: s3://bucket/prefix?endpoint=…&region=…, keys from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
    #[arg(long, env = "PICTURELOCK_STORAGE_URL")]
    storage_url: Option<String>,
}

/// Runs the server with its web app and worker.
#[derive(clap::Args)]
pub struct Serve {
    #[command(flatten)]
    place: Place,
    /// Address and port to listen on.
    #[arg(long, env = "PICTURELOCK_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where people reach the server, if not http://localhost:PORT; links begin with it.
    #[arg(long, env = "PICTURELOCK_PUBLIC_URL")]
    public_url: Option<String>,
    /// Accept plain HTTP from other machines: only for a network you trust, everything travels readable.
    #[arg(long, env = "PICTURELOCK_ALLOW_PLAIN_HTTP")]
    allow_plain_http: bool,
    /// How many files to transcode at once; 0 where `picturelock worker` does it. One per two processors if not given.
    #[arg(long, env = "PICTURELOCK_WORKERS")]
    workers: Option<usize>,
}

/// Prepares uploads for servers elsewhere on the same database and storage.
#[derive(clap::Args)]
pub struct Worker {
    #[command(flatten)]
    place: Place,
    /// How many files to transcode at once; one per two processors if not given.
    #[arg(long, env = "PICTURELOCK_WORKERS", value_parser = clap::value_parser!(u16).range(1..))]
    workers: Option<u16>,
}

impl Place {
    /// The options of a server at this place.
    pub fn options(self) -> Options {
        Options {
            data: self.data,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            database_url: self.database_url,
            storage_url: self.storage_url,
            public_url: None,
            plain_http: PlainHttp::Refused,
            workers: Workers::Fair,
            limits: Limits::default(),
        }
    }
}

impl Serve {
    /// Serves until told to stop.
    pub async fn run(self) -> Outcome {
        log();
        let options = Options {
            listen: self.listen,
            public_url: self.public_url,
            plain_http: if self.allow_plain_http { PlainHttp::Accepted } else { PlainHttp::Refused },
            workers: self.workers.map_or(Workers::Fair, Workers::Exactly),
            ..self.place.options()
        };
        let running = picturelock_server::serve(&options).await.map_err(Stop::failed)?;
        println!("Picturelock is at {}", running.app.settings.public_url);
        told_to_stop().await?;
        running.stop().await;
        Ok(())
    }
}

impl Worker {
    /// Works until told to stop.
    pub async fn run(self) -> Outcome {
        log();
        let workers = self.workers.map_or(Workers::Fair, |count| Workers::Exactly(count.into()));
        let options = Options { workers, ..self.place.options() };
        let working = picturelock_server::work(&options).await.map_err(Stop::failed)?;
        if working.app.tools.is_none() {
            working.stop().await;
            return Err(Stop::failed("ffmpeg was not found: a worker can do nothing without it"));
        }
        println!("Picturelock works at {}", options.data.display());
        told_to_stop().await?;
        working.stop().await;
        Ok(())
    }
}

async fn told_to_stop() -> Outcome {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).map_err(Stop::failed)?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result.map_err(Stop::failed),
        _ = terminate.recv() => Ok(()),
    }
}

fn log() {
    let filter = EnvFilter::try_from_env("PICTURELOCK_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
}
