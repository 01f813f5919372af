//! Opening a database, and transactions that hide which engine it is.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};

use crate::migrations;
use crate::value::{Row, Value, postgres_query, sqlite_query};

/// An open database.
#[derive(Clone, Debug)]
pub struct Db(Engine);

#[derive(Clone, Debug)]
enum Engine {
    Sqlite { reader: SqlitePool, writer: SqlitePool },
    Postgres(PgPool),
}

/// A transaction on either engine. Dropped without [`Tx::commit`], it leaves no trace.
pub struct Tx(Open);

enum Open {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// The database could not do it.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The URL names no database.
    #[error("“{0}” is no database: give a file path, or postgres://user@host/name")]
    Url(String),
    /// The engine refused or is out of reach.
    #[error("the database did not answer as expected: {0}")]
    Engine(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the database could not be brought up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A stored value is not what it should be.
    #[error("the database holds something unreadable in {0}")]
    Damaged(String),
}

impl DbError {
    /// Whether a unique rule refused the row: somebody else was first.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Engine(sqlx::Error::Database(error)) if error.is_unique_violation())
    }
}

impl Db {
    /// Opens the database at `url` (a file path, `sqlite://path` or `postgres://…`) and brings its schema up to date.
    ///
    /// # Errors
    /// When it cannot be opened, or holds a schema from a newer program.
    pub async fn open(url: &str) -> Result<Self, DbError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url).map_err(|_| DbError::Url(redacted(url)))?;
            let pool = PgPoolOptions::new().max_connections(16).connect_with(options).await?;
            migrations::postgres().run(&pool).await?;
            return Ok(Self(Engine::Postgres(pool)));
        }
        let path = url.strip_prefix("sqlite://").unwrap_or(url);
        if path.is_empty() || path.contains("://") {
            return Err(DbError::Url(redacted(url)));
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10));
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        migrations::sqlite().run(&writer).await?;
        let reader = SqlitePoolOptions::new().max_connections(4).connect_with(options.read_only(true)).await?;
        Ok(Self(Engine::Sqlite { reader, writer }))
    }

    /// Makes the empty database `name` on the PostgreSQL server at `url`.
    ///
    /// # Errors
    /// When the name holds anything but letters, digits and `_`, or the server refuses.
    pub async fn create_postgres_database(url: &str, name: &str) -> Result<(), DbError> {
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return Err(DbError::Url(name.to_owned()));
        }
        let options = PgConnectOptions::from_str(url).map_err(|_| DbError::Url(redacted(url)))?;
        let pool = PgPoolOptions::new().max_connections(1).connect_with(options).await?;
        // Names cannot be bound; this one was checked letter by letter above.
        sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE \"{name}\""))).execute(&pool).await?;
        pool.close().await;
        Ok(())
    }

    /// Begins reading: one consistent picture of the database.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn read(&self) -> Result<Tx, DbError> {
        Ok(Tx(match &self.0 {
            Engine::Sqlite { reader, .. } => Open::Sqlite(reader.begin().await?),
            Engine::Postgres(pool) => Open::Postgres(pool.begin().await?),
        }))
    }

    /// Begins writing. On SQLite writers queue here, so that no transaction fails half-way for want of the lock.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn write(&self) -> Result<Tx, DbError> {
        Ok(Tx(match &self.0 {
            Engine::Sqlite { writer, .. } => Open::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Engine::Postgres(pool) => Open::Postgres(pool.begin().await?),
        }))
    }

    /// The engine in words, for the system page.
    pub fn engine(&self) -> &'static str {
        match self.0 {
            Engine::Sqlite { .. } => "SQLite",
            Engine::Postgres(_) => "PostgreSQL",
        }
    }

    /// The PostgreSQL pool, for listening to other nodes; `None` where there are no other nodes.
    pub fn postgres(&self) -> Option<&PgPool> {
        match &self.0 {
            Engine::Sqlite { .. } => None,
            Engine::Postgres(pool) => Some(pool),
        }
    }

    /// Closes every connection and writes the log back into the file.
    pub async fn close(&self) {
        match &self.0 {
            Engine::Sqlite { reader, writer } => {
                reader.close().await;
                writer.close().await;
            }
            Engine::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Makes everything done so far durable and visible.
    ///
    /// # Errors
    /// When the engine cannot; then nothing was done.
    pub async fn commit(self) -> Result<(), DbError> {
        match self.0 {
            Open::Sqlite(tx) => tx.commit().await?,
            Open::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Runs a statement; gives how many rows it touched.
    pub(crate) async fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, DbError> {
        Ok(match &mut self.0 {
            Open::Sqlite(tx) => sqlite_query(sql, values).execute(&mut **tx).await?.rows_affected(),
            Open::Postgres(tx) => postgres_query(sql, values).execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// Runs a query for all its rows.
    pub(crate) async fn rows(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, DbError> {
        Ok(match &mut self.0 {
            Open::Sqlite(tx) => {
                sqlite_query(sql, values).fetch_all(&mut **tx).await?.into_iter().map(Row::Sqlite).collect()
            }
            Open::Postgres(tx) => {
                postgres_query(sql, values).fetch_all(&mut **tx).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// Runs a query for its first row, if there is one.
    pub(crate) async fn row(&mut self, sql: &'static str, values: &[Value]) -> Result<Option<Row>, DbError> {
        Ok(match &mut self.0 {
            Open::Sqlite(tx) => sqlite_query(sql, values).fetch_optional(&mut **tx).await?.map(Row::Sqlite),
            Open::Postgres(tx) => postgres_query(sql, values).fetch_optional(&mut **tx).await?.map(Row::Postgres),
        })
    }

    /// `FOR UPDATE SKIP LOCKED` where several workers share the queue; SQLite's one writer needs none.
    pub(crate) const fn pick(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self.0 {
            Open::Sqlite(_) => sqlite,
            Open::Postgres(_) => postgres,
        }
    }
}

/// The URL without a password, for messages.
fn redacted(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}://…{}", &url[..scheme], &url[at..]),
        _ => url.to_owned(),
    }
}
