//! Invitations to make an account.

use jiff::Timestamp;
use picturelock_domain::id::{InvitationId, UserId};
use picturelock_domain::people::Role;

use crate::value::{Row, values};
use crate::{DbError, Tx};

/// An invitation to make an account.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Its id, the public half of the link.
    pub id: InvitationId,
    /// The hash of the secret half of the link.
    pub secret_hash: String,
    /// Who is invited.
    pub email: String,
    /// As what.
    pub role: Role,
    /// Who invited.
    pub invited_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When it was used.
    pub accepted_at: Option<Timestamp>,
    /// When somebody took it back.
    pub withdrawn_at: Option<Timestamp>,
}

/// Adds an invitation.
///
/// # Errors
/// When the database is out of reach.
pub async fn insert(tx: &mut Tx, new: &Invitation) -> Result<(), DbError> {
    let sql = "INSERT INTO invitation (id, secret_hash, email, role, invited_by, created_at, expires_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values =
        values![new.id, &new.secret_hash, &new.email, new.role.code(), new.invited_by, new.created_at, new.expires_at];
    tx.execute(sql, values).await.map(|_| ())
}

/// The invitation `id`.
///
/// # Errors
/// When the database is out of reach.
pub async fn by_id(tx: &mut Tx, id: InvitationId) -> Result<Option<Invitation>, DbError> {
    tx.row("SELECT * FROM invitation WHERE id = $1", values![id]).await?.as_ref().map(read).transpose()
}

/// Every invitation that was not withdrawn, newest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn all(tx: &mut Tx) -> Result<Vec<Invitation>, DbError> {
    let sql = "SELECT * FROM invitation WHERE withdrawn_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 500";
    tx.rows(sql, values![]).await?.iter().map(read).collect()
}

/// Marks it used; false when it was used or withdrawn already.
///
/// # Errors
/// When the database is out of reach.
pub async fn accept(tx: &mut Tx, id: InvitationId, at: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE invitation SET accepted_at = $2
               WHERE id = $1 AND accepted_at IS NULL AND withdrawn_at IS NULL";
    Ok(tx.execute(sql, values![id, at]).await? == 1)
}

/// Takes it back; false when it was used or withdrawn already.
///
/// # Errors
/// When the database is out of reach.
pub async fn withdraw(tx: &mut Tx, id: InvitationId, at: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE invitation SET withdrawn_at = $2
               WHERE id = $1 AND accepted_at IS NULL AND withdrawn_at IS NULL";
    Ok(tx.execute(sql, values![id, at]).await? == 1)
}

fn read(row: &Row) -> Result<Invitation, DbError> {
    Ok(Invitation {
        id: row.get("id")?,
        secret_hash: row.get("secret_hash")?,
        email: row.get("email")?,
        role: row.word("role", Role::from_code)?,
        invited_by: row.get("invited_by")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        accepted_at: row.get("accepted_at")?,
        withdrawn_at: row.get("withdrawn_at")?,
    })
}
