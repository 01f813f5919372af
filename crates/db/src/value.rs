//! Values to and from SQL: text, whole numbers and fractions, alike on both engines.

use std::str::FromStr;

use jiff::Timestamp;
use picturelock_domain::id::{
    CommentId, ContentHash, DecisionId, GuestId, InvitationId, JobId, ProjectId, ReviewableId, SessionId, ShareId,
    UploadId, UserId, VersionId,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Postgres, Row as _, Sqlite};

use crate::DbError;

/// A value bound to a statement.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(Option<String>),
    Int(Option<i64>),
}

/// A row of an answer.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// What a column can be read as.
pub(crate) trait Column: Sized {
    fn read(row: &Row, name: &str) -> Result<Self, DbError>;
}

/// The values of a statement, in the order of `$1`, `$2`, ….
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::value::Value::from($value)),*] };
}
pub(crate) use values;

pub(crate) fn sqlite_query(sql: &'static str, values: &[Value]) -> Query<'static, Sqlite, SqliteArguments> {
    values.iter().cloned().fold(sqlx::query(sql), |query, value| match value {
        Value::Text(text) => query.bind(text),
        Value::Int(number) => query.bind(number),
    })
}

pub(crate) fn postgres_query(sql: &'static str, values: &[Value]) -> Query<'static, Postgres, PgArguments> {
    values.iter().cloned().fold(sqlx::query(sql), |query, value| match value {
        Value::Text(text) => query.bind(text),
        Value::Int(number) => query.bind(number),
    })
}

impl Row {
    /// The column `name`.
    pub(crate) fn get<T: Column>(&self, name: &str) -> Result<T, DbError> {
        T::read(self, name)
    }

    /// The column `name`, a structure kept as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T, DbError> {
        let text: String = self.get(name)?;
        serde_json::from_str(&text).map_err(|_| DbError::Damaged(name.to_owned()))
    }

    /// The column `name`, a structure kept as JSON, or nothing.
    pub(crate) fn json_option<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, DbError> {
        let text: Option<String> = self.get(name)?;
        text.map(|text| serde_json::from_str(&text).map_err(|_| DbError::Damaged(name.to_owned()))).transpose()
    }

    /// The column `name`, a word of a closed list.
    pub(crate) fn word<T>(&self, name: &str, read: fn(&str) -> Option<T>) -> Result<T, DbError> {
        let text: String = self.get(name)?;
        read(&text).ok_or_else(|| DbError::Damaged(name.to_owned()))
    }
}

/// A structure as JSON text.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, DbError> {
    serde_json::to_string(value).map_err(|_| DbError::Damaged("a structure to be stored".to_owned()))
}

macro_rules! engine_columns {
    ($($type:ty),+) => {$(
        impl Column for $type {
            fn read(row: &Row, name: &str) -> Result<Self, DbError> {
                Ok(match row {
                    Row::Sqlite(row) => row.try_get(name)?,
                    Row::Postgres(row) => row.try_get(name)?,
                })
            }
        }
    )+};
}

engine_columns!(String, Option<String>, i64, Option<i64>);

macro_rules! number_columns {
    ($($type:ty),+) => {$(
        impl Column for $type {
            fn read(row: &Row, name: &str) -> Result<Self, DbError> {
                <$type>::try_from(i64::read(row, name)?).map_err(|_| DbError::Damaged(name.to_owned()))
            }
        }
        impl From<$type> for Value {
            fn from(number: $type) -> Self {
                Self::Int(i64::try_from(number).ok())
            }
        }
    )+};
}

number_columns!(u16, u32, u64);

impl Column for bool {
    fn read(row: &Row, name: &str) -> Result<Self, DbError> {
        Ok(i64::read(row, name)? != 0)
    }
}

impl Column for Timestamp {
    fn read(row: &Row, name: &str) -> Result<Self, DbError> {
        Self::from_microsecond(row.get(name)?).map_err(|_| DbError::Damaged(name.to_owned()))
    }
}

impl Column for Option<Timestamp> {
    fn read(row: &Row, name: &str) -> Result<Self, DbError> {
        let micros: Option<i64> = row.get(name)?;
        micros.map(|at| Timestamp::from_microsecond(at).map_err(|_| DbError::Damaged(name.to_owned()))).transpose()
    }
}

macro_rules! text_columns {
    ($($type:ty),+ $(,)?) => {$(
        impl Column for $type {
            fn read(row: &Row, name: &str) -> Result<Self, DbError> {
                <$type>::from_str(&String::read(row, name)?).map_err(|_| DbError::Damaged(name.to_owned()))
            }
        }
        impl Column for Option<$type> {
            fn read(row: &Row, name: &str) -> Result<Self, DbError> {
                let text: Option<String> = row.get(name)?;
                text.map(|text| <$type>::from_str(&text).map_err(|_| DbError::Damaged(name.to_owned()))).transpose()
            }
        }
        impl From<$type> for Value {
            fn from(id: $type) -> Self {
                Self::Text(Some(id.to_string()))
            }
        }
        impl From<Option<$type>> for Value {
            fn from(id: Option<$type>) -> Self {
                Self::Text(id.map(|id| id.to_string()))
            }
        }
    )+};
}

text_columns!(
    CommentId,
    ContentHash,
    DecisionId,
    GuestId,
    InvitationId,
    JobId,
    ProjectId,
    ReviewableId,
    SessionId,
    ShareId,
    UploadId,
    UserId,
    VersionId,
);

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(Some(text.clone()))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(ToOwned::to_owned))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Int(Some(flag.into()))
    }
}

impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Self {
        Self::Int(Some(at.as_microsecond()))
    }
}

impl From<Option<Timestamp>> for Value {
    fn from(at: Option<Timestamp>) -> Self {
        Self::Int(at.map(Timestamp::as_microsecond))
    }
}
