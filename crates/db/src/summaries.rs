//! What lists of projects show, for all of them in a handful of queries.

use std::collections::HashMap;

use jiff::Timestamp;
use picturelock_domain::id::{ProjectId, ReviewableId, VersionId};
use picturelock_domain::project::Stage;
use picturelock_domain::review::{Brief, ReviewState};
use picturelock_domain::version::VersionState;

use crate::value::{Row, values};
use crate::{DbError, Tx, versions};

/// What a list shows of a project.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// How many people it has.
    pub members: u32,
    /// How many reviewables it has.
    pub reviewables: u32,
    /// Open notes on current versions, replies not counted.
    pub open_notes: u32,
    /// The version that came last.
    pub latest: Option<Latest>,
}

/// The version of a project that came last.
#[derive(Clone, Debug)]
pub struct Latest {
    /// Its reviewable.
    pub reviewable: ReviewableId,
    /// The reviewable's name.
    pub name: String,
    /// The stage it stands in.
    pub stage: Stage,
    /// When an answer is wanted.
    pub answer_by: Option<Timestamp>,
    /// The version.
    pub version: VersionId,
    /// Its number.
    pub number: u32,
    /// Whether it can be watched.
    pub state: VersionState,
    /// Where it stands in its review.
    pub review: ReviewState,
    /// Whether files were made from it.
    pub has_media: bool,
}

/// The summaries of one project, or of all.
///
/// # Errors
/// When the database is out of reach.
pub async fn of(tx: &mut Tx, project: Option<ProjectId>) -> Result<HashMap<ProjectId, Summary>, DbError> {
    let only = project.map(|id| id.to_string()).unwrap_or_default();
    let mut found: HashMap<ProjectId, Summary> = HashMap::new();
    let sql = "SELECT project_id, COUNT(*) AS counted FROM member WHERE $1 = '' OR project_id = $1 GROUP BY project_id";
    count(tx, sql, &only, &mut found, |summary, counted| summary.members = counted).await?;
    let sql =
        "SELECT project_id, COUNT(*) AS counted FROM reviewable WHERE $1 = '' OR project_id = $1 GROUP BY project_id";
    count(tx, sql, &only, &mut found, |summary, counted| summary.reviewables = counted).await?;
    let sql = "SELECT version.project_id, COUNT(*) AS counted
               FROM version JOIN comment ON comment.version_id = version.id
               WHERE ($1 = '' OR version.project_id = $1) AND version.state IN ('processing', 'ready')
                 AND NOT EXISTS (SELECT newer.id FROM version AS newer WHERE newer.reviewable_id = version.reviewable_id
                                 AND newer.number > version.number AND newer.state IN ('processing', 'ready'))
                 AND comment.status = 'open' AND comment.parent_id IS NULL AND comment.deleted_at IS NULL
               GROUP BY version.project_id";
    count(tx, sql, &only, &mut found, |summary, counted| summary.open_notes = counted).await?;
    // Ids sort by age.
    let sql = "SELECT version.*, reviewable.name AS name, reviewable.brief AS brief
               FROM version JOIN reviewable ON reviewable.id = version.reviewable_id
               WHERE version.id IN (SELECT MAX(id) FROM version
                                    WHERE ($1 = '' OR project_id = $1) AND state <> 'deleted' GROUP BY project_id)";
    for row in tx.rows(sql, values![&only]).await? {
        found.entry(row.get("project_id")?).or_default().latest = Some(latest(&row)?);
    }
    Ok(found)
}

async fn count(
    tx: &mut Tx,
    sql: &'static str,
    only: &String,
    found: &mut HashMap<ProjectId, Summary>,
    set: impl Fn(&mut Summary, u32),
) -> Result<(), DbError> {
    for row in tx.rows(sql, values![only]).await? {
        set(found.entry(row.get("project_id")?).or_default(), row.get("counted")?);
    }
    Ok(())
}

fn latest(row: &Row) -> Result<Latest, DbError> {
    let brief: Brief = row.json("brief")?;
    let media: Option<String> = row.get("media")?;
    Ok(Latest {
        reviewable: row.get("reviewable_id")?,
        name: row.get("name")?,
        stage: brief.stage,
        answer_by: brief.answer_by,
        version: row.get("id")?,
        number: row.get("number")?,
        state: versions::state(row)?,
        review: row.word("review", versions::review_from)?,
        has_media: media.is_some(),
    })
}
