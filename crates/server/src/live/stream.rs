//! One person's stream of a project's changes.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::Stream;
use picturelock_app::events::{self, Viewer};
use picturelock_app::{AppError, Context};
use picturelock_domain::Refusal;
use picturelock_domain::id::ProjectId;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep_until};

use super::batch::Batch;
use super::hub::PAGE;
use crate::guard::Web;

/// How long a stream may go on without asking whether the person may still listen.
const TRUST: Duration = Duration::from_secs(3);
/// How long a stream may be silent, so that proxies do not take it for dead.
const SILENCE: Duration = Duration::from_secs(15);

/// What a stream does next.
enum Next {
    Tell(Arc<Batch>),
    CatchUp,
    LookAround,
}

struct Session {
    web: Web,
    cx: Context,
    project: ProjectId,
    viewer: Viewer,
    batches: Receiver<Arc<Batch>>,
    /// The number of the last change that was told or is not for this person.
    told: i64,
    /// Whether the log is known to hold more than was told.
    behind: bool,
    asked: Instant,
    spoke: Instant,
}

/// The project's changes after number `after`, or from now on, as text of an event stream. Ends when the person
/// may no longer listen, with an event that says so, or when the server stops.
///
/// # Errors
/// When the database is out of reach.
pub async fn stream(
    web: Web,
    cx: Context,
    after: Option<i64>,
) -> Result<impl Stream<Item = Result<Bytes, Infallible>> + use<>, AppError> {
    let (project, viewer) = (cx.project()?, Viewer::of(&cx)?);
    let batches = web.live.listen(&web.app, project).await?;
    let position = events::position(&web.app, project).await?;
    let told = after.map_or(position, |after| after.clamp(0, position));
    let now = Instant::now();
    let mut session = Session { web, cx, project, viewer, batches, told, behind: true, asked: now, spoke: now };
    Ok(async_stream::stream! {
        yield Ok(Bytes::from(format!("retry: 1000\nid: {told}\n\n")));
        while let Some(next) = session.next().await {
            match session.step(next).await {
                Ok(said) => {
                    if !said.is_empty() {
                        session.spoke = Instant::now();
                        yield Ok(said);
                    }
                }
                Err(AppError::Refused(refusal)) => {
                    yield Ok(ended(&refusal, session.told));
                    return;
                }
                Err(error) => {
                    // The browser comes back and goes on where it was.
                    tracing::warn!(%error, "a live stream ended");
                    return;
                }
            }
        }
    })
}

impl Session {
    /// Waits for what comes next; nothing when the server stops.
    async fn next(&mut self) -> Option<Next> {
        if self.behind {
            return Some(Next::CatchUp);
        }
        let look_around = (self.asked + TRUST).min(self.spoke + SILENCE);
        tokio::select! {
            batch = self.batches.recv() => match batch {
                Ok(batch) if batch.first() > self.told + 1 => Some(Next::CatchUp),
                Ok(batch) => Some(Next::Tell(batch)),
                Err(RecvError::Lagged(_)) => Some(Next::CatchUp),
                Err(RecvError::Closed) => None,
            },
            () = sleep_until(look_around) => Some(Next::LookAround),
            () = self.web.live.closed() => None,
        }
    }

    /// What to say now.
    async fn step(&mut self, next: Next) -> Result<Bytes, AppError> {
        match next {
            Next::Tell(batch) => self.tell(&batch).await,
            Next::CatchUp => self.catch_up().await,
            Next::LookAround => {
                if self.asked.elapsed() >= TRUST {
                    self.ask().await?;
                }
                let silent = self.spoke.elapsed() >= SILENCE;
                Ok(if silent { Bytes::from_static(b":\n\n") } else { Bytes::new() })
            }
        }
    }

    async fn tell(&mut self, batch: &Batch) -> Result<Bytes, AppError> {
        if batch.touches_access() || self.asked.elapsed() >= TRUST {
            self.ask().await?;
        }
        let said = batch.heard_by(&self.viewer, self.told);
        self.told = self.told.max(batch.last());
        Ok(said)
    }

    /// Reads the log itself, one page at a time.
    async fn catch_up(&mut self) -> Result<Bytes, AppError> {
        let changes = events::since(&self.web.app, self.project, self.told, PAGE).await?;
        self.behind = changes.len() == PAGE as usize;
        match Batch::new(changes) {
            Some(batch) => self.tell(&batch).await,
            None => Ok(Bytes::new()),
        }
    }

    /// Asks whether the person may still listen.
    async fn ask(&mut self) -> Result<(), AppError> {
        self.web.app.enter_again(&self.cx, (self.web.clock)()).await?;
        self.asked = Instant::now();
        Ok(())
    }
}

fn ended(refusal: &Refusal, seq: i64) -> Bytes {
    let data = serde_json::json!({"kind": "ended", "seq": seq, "code": refusal.code, "detail": refusal.message});
    format!("event: ended\ndata: {data}\n\n").into()
}
