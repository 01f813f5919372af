//! Single facts about the installation, by name.

use crate::value::values;
use crate::{DbError, Tx};

/// The setting `name`, if it was ever set.
///
/// # Errors
/// When the database is out of reach.
pub async fn get(tx: &mut Tx, name: &str) -> Result<Option<String>, DbError> {
    tx.row("SELECT value FROM setting WHERE name = $1", values![name]).await?.map(|row| row.get("value")).transpose()
}

/// Sets `name`, unless it is set already; tells whether it was free.
///
/// # Errors
/// When the database is out of reach.
pub async fn claim(tx: &mut Tx, name: &str, value: &str) -> Result<bool, DbError> {
    let sql = "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    Ok(tx.execute(sql, values![name, value]).await? == 1)
}
