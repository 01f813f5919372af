//! The doorbell between nodes on one PostgreSQL: says which projects changed, never what.
//!
//! `NOTIFY` inside a transaction takes a lock of the whole server while it commits; so nodes ring afterwards, and
//! once for many changes. A lost ring does no harm: everybody looks into the tables anyway.

use picturelock_domain::id::ProjectId;
use sqlx::postgres::PgListener;

use crate::{Db, DbError};

const CHANNEL: &str = "picturelock_bell";
/// PostgreSQL takes 8,000 bytes in a message; an id has 37 with its comma.
const MOST_IDS: usize = 200;

/// Hears other nodes, and lets them hear.
pub struct Doorbell {
    db: Db,
    node: String,
    listener: PgListener,
}

/// Lets other nodes hear.
#[derive(Clone)]
pub struct Button {
    db: Db,
    node: String,
}

impl Doorbell {
    /// The doorbell of this database for the node called `node`; `None` where there are no other nodes.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn open(db: &Db, node: &str) -> Result<Option<Self>, DbError> {
        let Some(pool) = db.postgres() else { return Ok(None) };
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(Some(Self { db: db.clone(), node: node.to_owned(), listener }))
    }

    /// The part that rings.
    pub fn button(&self) -> Button {
        Button { db: self.db.clone(), node: self.node.clone() }
    }

    /// Waits for another node's ring; reconnects by itself.
    ///
    /// # Errors
    /// When the database stays out of reach.
    pub async fn heard(&mut self) -> Result<Vec<ProjectId>, DbError> {
        loop {
            let message = self.listener.recv().await?;
            if let Some((node, ids)) = message.payload().split_once(' ')
                && node != self.node
            {
                return Ok(ids.split(',').filter_map(|id| id.parse().ok()).collect());
            }
        }
    }
}

impl Button {
    /// Rings for `projects` on every other node.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn ring(&self, projects: &[ProjectId]) -> Result<(), DbError> {
        let Some(pool) = self.db.postgres() else { return Ok(()) };
        for some in projects.chunks(MOST_IDS) {
            let ids: Vec<String> = some.iter().map(ToString::to_string).collect();
            let message = format!("{} {}", self.node, ids.join(","));
            sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(message).execute(pool).await?;
        }
        Ok(())
    }
}
