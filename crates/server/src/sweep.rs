//! Clearing up, once at the start and then every hour.

use std::time::Duration;

use picturelock_app::{App, uploads};
use tokio_util::sync::CancellationToken;

use crate::guard::Clock;

const EVERY: Duration = Duration::from_secs(3600);

/// Completes and removes uploads that are due, until `stop`.
pub async fn sweep(app: App, clock: Clock, stop: CancellationToken) {
    loop {
        if let Err(error) = uploads::sweep(&app, clock()).await {
            tracing::warn!(%error, "clearing up must wait for the next time");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}
