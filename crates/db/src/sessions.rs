//! Signed-in browsers, of accounts and of guests.

use jiff::Timestamp;
use picturelock_domain::id::{GuestId, SessionId, UserId};

use crate::value::{Row, values};
use crate::{DbError, Tx};

/// Whose browser it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// An account's.
    Account(UserId),
    /// A guest's, good for one epoch of the share link.
    Guest {
        /// Who.
        guest: GuestId,
        /// The link's epoch when it was opened.
        epoch: i64,
    },
}

/// A signed-in browser.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its id, safe to show.
    pub id: SessionId,
    /// The hash of the cookie.
    pub token_hash: String,
    /// Whose it is.
    pub holder: Holder,
    /// What the browser calls itself.
    pub user_agent: String,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

/// Adds a session.
///
/// # Errors
/// When the database is out of reach.
pub async fn insert(tx: &mut Tx, new: &Session) -> Result<(), DbError> {
    let (user, guest, epoch) = match new.holder {
        Holder::Account(user) => (Some(user), None, None),
        Holder::Guest { guest, epoch } => (None, Some(guest), Some(epoch)),
    };
    let sql = "INSERT INTO session
               (id, token_hash, user_id, guest_id, share_epoch, user_agent, created_at, last_seen_at, expires_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values = values![
        new.id,
        &new.token_hash,
        user,
        guest,
        crate::value::Value::Int(epoch),
        &new.user_agent,
        new.created_at,
        new.last_seen_at,
        new.expires_at
    ];
    tx.execute(sql, values).await.map(|_| ())
}

/// The session behind a cookie's hash, if it has not ended by `now`.
///
/// # Errors
/// When the database is out of reach.
pub async fn by_token(tx: &mut Tx, token_hash: &str, now: Timestamp) -> Result<Option<Session>, DbError> {
    let sql = "SELECT * FROM session WHERE token_hash = $1 AND expires_at > $2";
    tx.row(sql, values![token_hash, now]).await?.as_ref().map(read).transpose()
}

/// The session `id`, if it has not ended by `now`.
///
/// # Errors
/// When the database is out of reach.
pub async fn by_id(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<Option<Session>, DbError> {
    let sql = "SELECT * FROM session WHERE id = $1 AND expires_at > $2";
    tx.row(sql, values![id, now]).await?.as_ref().map(read).transpose()
}

/// The live sessions of an account, newest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn of_account(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<Vec<Session>, DbError> {
    let sql = "SELECT * FROM session WHERE user_id = $1 AND expires_at > $2 ORDER BY last_seen_at DESC, id DESC";
    tx.rows(sql, values![user, now]).await?.iter().map(read).collect()
}

/// Gives a guest's browser a new cookie for a link it opened again; what runs on the session goes on.
///
/// # Errors
/// When the database is out of reach.
pub async fn renew_guest(
    tx: &mut Tx,
    id: SessionId,
    token_hash: &str,
    epoch: i64,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE session SET token_hash = $2, share_epoch = $3, last_seen_at = $4, expires_at = $5 WHERE id = $1";
    let values = values![id, token_hash, crate::value::Value::Int(Some(epoch)), now, expires_at];
    tx.execute(sql, values).await.map(|_| ())
}

/// Notes that the session was used.
///
/// # Errors
/// When the database is out of reach.
pub async fn touch(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<(), DbError> {
    tx.execute("UPDATE session SET last_seen_at = $2 WHERE id = $1", values![id, now]).await.map(|_| ())
}

/// Ends one session of an account; false when it is not theirs or has ended.
///
/// # Errors
/// When the database is out of reach.
pub async fn end(tx: &mut Tx, user: UserId, id: SessionId) -> Result<bool, DbError> {
    Ok(tx.execute("DELETE FROM session WHERE id = $1 AND user_id = $2", values![id, user]).await? == 1)
}

/// Ends every session of an account but `kept`.
///
/// # Errors
/// When the database is out of reach.
pub async fn end_others(tx: &mut Tx, user: UserId, kept: Option<SessionId>) -> Result<(), DbError> {
    let kept = kept.map(|id| id.to_string()).unwrap_or_default();
    tx.execute("DELETE FROM session WHERE user_id = $1 AND id <> $2", values![user, kept]).await.map(|_| ())
}

/// Forgets sessions that ended before `now`.
///
/// # Errors
/// When the database is out of reach.
pub async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<u64, DbError> {
    tx.execute("DELETE FROM session WHERE expires_at <= $1", values![now]).await
}

fn read(row: &Row) -> Result<Session, DbError> {
    let user: Option<UserId> = row.get("user_id")?;
    let guest: Option<GuestId> = row.get("guest_id")?;
    let holder = match (user, guest) {
        (Some(user), None) => Holder::Account(user),
        (None, Some(guest)) => Holder::Guest { guest, epoch: row.get("share_epoch")? },
        _ => return Err(DbError::Damaged("session".to_owned())),
    };
    Ok(Session {
        id: row.get("id")?,
        token_hash: row.get("token_hash")?,
        holder,
        user_agent: row.get("user_agent")?,
        created_at: row.get("created_at")?,
        last_seen_at: row.get("last_seen_at")?,
        expires_at: row.get("expires_at")?,
    })
}
