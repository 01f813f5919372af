//! Waiting for something to become true, with an end.

use std::time::Duration;

/// Far more than anything here takes on a busy machine: it only ends a test that would hang.
const DEADLINE: Duration = Duration::from_secs(120);
const LOOK: Duration = Duration::from_millis(20);

/// Waits until `look` gives something, and gives it.
///
/// # Panics
/// When nothing came within two minutes; says `what` was waited for.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let looking = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::time::timeout(DEADLINE, looking).await.unwrap_or_else(|_| panic!("waited in vain until {what}"))
}
