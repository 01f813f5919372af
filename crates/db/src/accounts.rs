//! People with an account.

use jiff::Timestamp;
use picturelock_domain::id::UserId;
use picturelock_domain::people::Role;
use picturelock_domain::text::{Email, Name};

use crate::value::{Row, values};
use crate::{DbError, Tx};

/// A person with an account.
#[derive(Clone, Debug)]
pub struct Account {
    /// Who.
    pub id: UserId,
    /// As shown to others.
    pub name: String,
    /// Where to reach them; also what they sign in with.
    pub email: String,
    /// What they are in the studio.
    pub role: Role,
    /// The argon2 hash of the password.
    pub password: String,
    /// Set when the account may not sign in any more.
    pub blocked_at: Option<Timestamp>,
    /// When the account was made.
    pub created_at: Timestamp,
}

/// A new account.
#[derive(Clone, Debug)]
pub struct NewAccount<'a> {
    /// Its id.
    pub id: UserId,
    /// As shown to others.
    pub name: &'a Name,
    /// Must not be taken.
    pub email: &'a Email,
    /// What they are in the studio.
    pub role: Role,
    /// The argon2 hash of the password.
    pub password: &'a str,
    /// When.
    pub at: Timestamp,
}

/// Adds an account.
///
/// # Errors
/// [`DbError::is_duplicate`] when the address is taken.
pub async fn insert(tx: &mut Tx, new: NewAccount<'_>) -> Result<(), DbError> {
    let sql = "INSERT INTO account (id, name, email, role, password, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
    let values = values![new.id, new.name.as_str(), new.email.as_str(), new.role.code(), new.password, new.at];
    tx.execute(sql, values).await.map(|_| ())
}

/// The account `id`.
///
/// # Errors
/// When the database is out of reach.
pub async fn by_id(tx: &mut Tx, id: UserId) -> Result<Option<Account>, DbError> {
    tx.row("SELECT * FROM account WHERE id = $1", values![id]).await?.as_ref().map(read).transpose()
}

/// The account that signs in with `email`.
///
/// # Errors
/// When the database is out of reach.
pub async fn by_email(tx: &mut Tx, email: &Email) -> Result<Option<Account>, DbError> {
    tx.row("SELECT * FROM account WHERE email = $1", values![email.as_str()]).await?.as_ref().map(read).transpose()
}

/// Everybody, by name.
///
/// # Errors
/// When the database is out of reach.
pub async fn all(tx: &mut Tx) -> Result<Vec<Account>, DbError> {
    tx.rows("SELECT * FROM account ORDER BY name, id", values![]).await?.iter().map(read).collect()
}

/// How many owners can still sign in.
///
/// # Errors
/// When the database is out of reach.
pub async fn active_owners(tx: &mut Tx) -> Result<i64, DbError> {
    let sql = "SELECT count(*) AS owners FROM account WHERE role = 'owner' AND blocked_at IS NULL";
    tx.row(sql, values![]).await?.map_or(Ok(0), |row| row.get("owners"))
}

/// Gives the account another role.
///
/// # Errors
/// When the database is out of reach.
pub async fn set_role(tx: &mut Tx, id: UserId, role: Role) -> Result<(), DbError> {
    tx.execute("UPDATE account SET role = $2 WHERE id = $1", values![id, role.code()]).await.map(|_| ())
}

/// Blocks the account since `at`, or lets it in again.
///
/// # Errors
/// When the database is out of reach.
pub async fn set_blocked(tx: &mut Tx, id: UserId, at: Option<Timestamp>) -> Result<(), DbError> {
    tx.execute("UPDATE account SET blocked_at = $2 WHERE id = $1", values![id, at]).await.map(|_| ())
}

/// Replaces the password's hash.
///
/// # Errors
/// When the database is out of reach.
pub async fn set_password(tx: &mut Tx, id: UserId, password: &str) -> Result<(), DbError> {
    tx.execute("UPDATE account SET password = $2 WHERE id = $1", values![id, password]).await.map(|_| ())
}

pub(crate) fn read(row: &Row) -> Result<Account, DbError> {
    Ok(Account {
        id: row.get("id")?,
        name: row.get("name")?,
        email: row.get("email")?,
        role: row.word("role", Role::from_code)?,
        password: row.get("password")?,
        blocked_at: row.get("blocked_at")?,
        created_at: row.get("created_at")?,
    })
}
