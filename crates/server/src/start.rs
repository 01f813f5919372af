//! From options to a running server.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use picturelock_app::uploads::{self, UploadLimits};
use picturelock_app::{App, Bell, Parts, Settings};
use picturelock_db::{Db, DbError};
use picturelock_media::Tools;
use picturelock_store::{DEFAULT_RESERVE, Store};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::background::{self, Workers};
use crate::cookies::Transport;
use crate::guard::{Clock, Web};
use crate::live::Live;
use crate::sweep::sweep;

/// What the operator chose.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the embedded database and files live.
    pub data: PathBuf,
    /// The address to listen on.
    pub listen: SocketAddr,
    /// Another database than the embedded one.
    pub database_url: Option<String>,
    /// Other storage than the local disk.
    pub storage_url: Option<String>,
    /// Where people reach the server; links begin with it.
    pub public_url: Option<String>,
    /// Whether plain HTTP to other machines is accepted.
    pub plain_http: PlainHttp,
    /// How much background work this process does.
    pub workers: Workers,
    /// How much may be stored.
    pub limits: Limits,
}

/// How much may be stored.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes that stay free on the disk.
    pub reserve_bytes: u64,
    /// How large uploads and their parts may be.
    pub uploads: UploadLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self { reserve_bytes: DEFAULT_RESERVE, uploads: UploadLimits::default() }
    }
}

/// Whether plain HTTP to other machines is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlainHttp {
    /// Cookies travel by HTTPS, or stay on this machine.
    Refused,
    /// A lab network without certificates: everything travels readable.
    Accepted,
}

/// The server could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be used.
    #[error("the data folder {0} cannot be used: {1}")]
    Data(PathBuf, std::io::Error),
    /// The address cannot be listened on.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// The database cannot be opened.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The storage cannot be opened.
    #[error(transparent)]
    Store(#[from] picturelock_store::Error),
}

/// A server that answers.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its use cases.
    pub app: App,
    live: Live,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
    background: JoinSet<()>,
}

/// A node that works and answers nobody.
pub struct Working {
    /// Its use cases.
    pub app: App,
    stop: CancellationToken,
    background: JoinSet<()>,
}

/// Opens database and storage.
///
/// # Errors
/// When one of them cannot be used.
pub async fn open(options: &Options) -> Result<App, StartError> {
    // Two callers in one process may both try; the first wins, and both want the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let scratch = options.data.join("scratch");
    std::fs::create_dir_all(&scratch).map_err(|error| StartError::Data(options.data.clone(), error))?;
    let database =
        options.database_url.clone().unwrap_or_else(|| options.data.join("picturelock.db").display().to_string());
    let storage = options.storage_url.clone().unwrap_or_else(|| options.data.join("files").display().to_string());
    let tools = Tools::find().inspect_err(|error| tracing::warn!(%error, "no media tools")).ok();
    let settings = Settings {
        public_url: public_url(options),
        scratch,
        plain_http: options.plain_http == PlainHttp::Accepted,
        uploads: options.limits.uploads,
    };
    let stored = picturelock_store::Options { reserve: options.limits.reserve_bytes, credentials: None };
    Ok(App::new(Parts {
        db: Db::open(&database).await?,
        store: Store::open_with(&storage, stored)?,
        tools,
        bell: Bell::new(),
        settings,
        hashing: tokio::sync::Semaphore::new(2),
        writing: tokio::sync::Semaphore::new(16),
    }))
}

/// Listens and answers until told to stop.
///
/// # Errors
/// When something cannot be opened.
pub async fn serve(options: &Options) -> Result<Running, StartError> {
    let listener =
        TcpListener::bind(options.listen).await.map_err(|error| StartError::Listen(options.listen, error))?;
    let address = listener.local_addr().map_err(|error| StartError::Listen(options.listen, error))?;
    // Port 0 has become a real one, which links must name.
    let app = open(&Options { listen: address, ..options.clone() }).await?;
    let transport = match options.plain_http {
        PlainHttp::Refused => Transport::Secure,
        PlainHttp::Accepted => Transport::Plain,
    };
    let clock: Clock = Arc::new(now);
    let live = Live::default();
    uploads::recover(&app).await?;
    let stop = CancellationToken::new();
    let mut background = background::start(&app, options.workers, clock.clone(), &stop);
    background.spawn(sweep(app.clone(), clock.clone(), stop.clone()));
    let router = crate::router(Web { app: app.clone(), transport, clock, live: live.clone() });
    let stopped = stop.clone();
    let task = tokio::spawn(async move {
        let served = axum::serve(listener, router).with_graceful_shutdown(stopped.cancelled_owned()).await;
        if let Err(error) = served {
            tracing::error!(%error, "the server ended");
        }
    });
    Ok(Running { address, app, live, stop, task, background })
}

/// Works at jobs until told to stop, for servers elsewhere on the same database and storage.
///
/// # Errors
/// When something cannot be opened.
pub async fn work(options: &Options) -> Result<Working, StartError> {
    let app = open(options).await?;
    let stop = CancellationToken::new();
    let background = background::start(&app, options.workers, Arc::new(now), &stop);
    Ok(Working { app, stop, background })
}

impl Running {
    /// Lets running requests end and puts running jobs back into the queue, then closes the database.
    pub async fn stop(self) {
        self.live.close();
        self.stop.cancel();
        // A task that panicked has logged why; there is nothing left to end.
        let _ = self.task.await;
        end(self.background).await;
        self.app.db.close().await;
    }
}

impl Working {
    /// Puts running jobs back into the queue, then closes the database.
    pub async fn stop(self) {
        self.stop.cancel();
        end(self.background).await;
        self.app.db.close().await;
    }
}

async fn end(mut background: JoinSet<()>) {
    while background.join_next().await.is_some() {}
}

fn public_url(options: &Options) -> String {
    let default = || format!("http://localhost:{}", options.listen.port());
    options.public_url.clone().unwrap_or_else(default).trim_end_matches('/').to_owned()
}

/// The time to the microsecond, as the database keeps it: an answer shows the very time that is stored.
fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}
