//! How many wrong tries a link bears. Right secrets are never held up by wrong ones, so nobody can lock a client out.

use jiff::{SignedDuration, Timestamp};
use picturelock_db::{DbError, Tx, attempts};
use picturelock_domain::id::ShareId;
use picturelock_domain::{Refusal, RefusalKind};

use crate::secrets;

const QUARTER: SignedDuration = SignedDuration::from_mins(15);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// So many tries in so much time.
#[derive(Debug)]
pub(crate) struct Limit {
    /// What the tries are counted under.
    pub name: String,
    most: i64,
    window: SignedDuration,
}

/// Wrong passphrases of one link: ten in a quarter of an hour, and no more than fifty a day.
pub(crate) fn passphrase(share: ShareId) -> [Limit; 2] {
    [
        Limit { name: format!("passphrase:{share}"), most: 10, window: QUARTER },
        Limit { name: format!("passphrase-day:{share}"), most: 50, window: DAY },
    ]
}

/// Wrong secrets, for one link and for all. Ids fall into 4,096 drawers, so that made-up ones fill no table; whether
/// an id exists plays no part.
pub(super) fn secret(share: ShareId) -> [Limit; 2] {
    let drawer = secrets::digest(&share.to_string());
    [
        Limit { name: format!("link:{}", &drawer[..3]), most: 50, window: QUARTER },
        Limit { name: "link".to_owned(), most: 2_000, window: QUARTER },
    ]
}

/// Whether tries are used up, without counting one.
pub(crate) async fn used_up(tx: &mut Tx, limits: &[Limit], now: Timestamp) -> Result<bool, DbError> {
    for limit in limits {
        if attempts::failures(tx, &limit.name, now - limit.window).await? >= limit.most {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Counts a try before it is known to fail; true when there was none left. Parallel tries are counted one by one.
pub(super) async fn take(tx: &mut Tx, limits: &[Limit], now: Timestamp) -> Result<bool, DbError> {
    let mut over = false;
    for limit in limits {
        over |= attempts::take(tx, &limit.name, now, now - limit.window).await? > limit.most;
    }
    Ok(over)
}

/// Gives back a try that was right.
pub(super) async fn give_back(tx: &mut Tx, limits: &[Limit]) -> Result<(), DbError> {
    for limit in limits {
        attempts::give_back(tx, &limit.name).await?;
    }
    Ok(())
}

/// What somebody hears who tried too often.
pub(super) fn too_many() -> Refusal {
    let words = "Too many wrong tries. Wait a quarter of an hour, then try again, or ask the studio for a new link.";
    Refusal::new(RefusalKind::TooMany, "too_many", words)
}
