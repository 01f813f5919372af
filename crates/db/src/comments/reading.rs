//! Reading comments.

use picturelock_domain::id::{CommentId, GuestId, VersionId};
use picturelock_domain::review::{Reader, VersionStanding, Writer};
use uuid::Uuid;

use super::{Comment, Ground, Placed, read, writer_text};
use crate::value::{json, values};
use crate::{DbError, Tx};

/// What of a version `$1` the reader `$2, $3, $4` (see [`reader_values`]) sees.
macro_rules! seen {
    ($rest:literal) => {
        concat!(
            "SELECT * FROM comment WHERE version_id = $1 AND deleted_at IS NULL
             AND ($2 = 1 OR (audience = 'everyone' AND (author_kind = 'account' OR author_id = $3 OR $4 = 1))) AND ",
            $rest
        )
    };
}

/// What must be known of the version to write on it; nothing when there is no such version.
///
/// # Errors
/// When the database is out of reach.
pub async fn ground(tx: &mut Tx, version: VersionId) -> Result<Option<Ground>, DbError> {
    let sql = "SELECT state, footage,
                      (SELECT COUNT(*) FROM version AS newer WHERE newer.reviewable_id = version.reviewable_id
                       AND newer.number > version.number AND newer.state IN ('processing', 'ready')) AS newer
               FROM version WHERE id = $1";
    let Some(row) = tx.row(sql, values![version]).await? else { return Ok(None) };
    let (state, newer): (String, i64) = (row.get("state")?, row.get("newer")?);
    let standing = match (state.as_str(), newer) {
        ("ready", 0) => VersionStanding::Newest,
        ("ready", _) => VersionStanding::Superseded,
        ("deleted", _) => VersionStanding::Deleted,
        _ => VersionStanding::Unwatchable,
    };
    Ok(Some(Ground { standing, footage: row.json_option("footage")? }))
}

/// The comment or reply `id`, deleted or not.
///
/// # Errors
/// When the database is out of reach.
pub async fn by_id(tx: &mut Tx, id: CommentId) -> Result<Option<Comment>, DbError> {
    tx.row("SELECT * FROM comment WHERE id = $1", values![id]).await?.as_ref().map(read).transpose()
}

/// What `by` wrote on the version under the key their browser chose.
///
/// # Errors
/// When the database is out of reach.
pub async fn by_key(tx: &mut Tx, version: VersionId, by: Writer, key: Uuid) -> Result<Option<Comment>, DbError> {
    let sql = "SELECT * FROM comment WHERE version_id = $1 AND author_id = $2 AND client_key = $3";
    let values = values![version, writer_text(by).1, key.to_string()];
    tx.row(sql, values).await?.as_ref().map(read).transpose()
}

/// The comments of the version that `reader` sees, by frame, then time.
///
/// # Errors
/// When the database is out of reach.
pub async fn of_version(tx: &mut Tx, version: VersionId, reader: Reader) -> Result<Vec<Comment>, DbError> {
    let sql = seen!("parent_id IS NULL ORDER BY first_frame, created_at, id");
    seen(tx, sql, version, reader).await
}

/// The replies of the version that `reader` sees, oldest first.
///
/// # Errors
/// When the database is out of reach.
pub async fn replies_of_version(tx: &mut Tx, version: VersionId, reader: Reader) -> Result<Vec<Comment>, DbError> {
    let sql = seen!("parent_id IS NOT NULL ORDER BY created_at, id");
    seen(tx, sql, version, reader).await
}

/// The comments named by `ids` with all their replies, whoever may read them, without the deleted ones.
/// The caller shows each reader what [`Reader::sees`] allows.
///
/// # Errors
/// When the database is out of reach.
pub async fn threads(tx: &mut Tx, ids: &[CommentId]) -> Result<Vec<Placed>, DbError> {
    let sql = tx.pick(
        "SELECT comment.*, version.reviewable_id, version.footage
         FROM comment JOIN version ON version.id = comment.version_id
         WHERE (comment.id IN (SELECT value FROM json_each($1)) OR parent_id IN (SELECT value FROM json_each($1)))
           AND comment.deleted_at IS NULL ORDER BY comment.created_at, comment.id",
        "SELECT comment.*, version.reviewable_id, version.footage
         FROM comment JOIN version ON version.id = comment.version_id
         WHERE (comment.id = ANY(ARRAY(SELECT json_array_elements_text($1::json)))
                OR parent_id = ANY(ARRAY(SELECT json_array_elements_text($1::json))))
           AND comment.deleted_at IS NULL ORDER BY comment.created_at, comment.id",
    );
    let rows = tx.rows(sql, values![json(&ids)?]).await?;
    rows.iter()
        .map(|row| {
            Ok(Placed {
                comment: read(row)?,
                reviewable: row.get("reviewable_id")?,
                footage: row.json_option("footage")?,
            })
        })
        .collect()
}

/// How much `by` has written on the version, deleted or not.
///
/// # Errors
/// When the database is out of reach.
pub async fn written_by(tx: &mut Tx, version: VersionId, by: Writer) -> Result<u32, DbError> {
    let sql = "SELECT COUNT(*) AS written FROM comment WHERE version_id = $1 AND author_id = $2";
    let row = tx.row(sql, values![version, writer_text(by).1]).await?;
    row.map_or(Ok(0), |row| row.get("written"))
}

async fn seen(tx: &mut Tx, sql: &'static str, version: VersionId, reader: Reader) -> Result<Vec<Comment>, DbError> {
    let (team, guest, others) = reader_values(reader);
    tx.rows(sql, values![version, team, guest, others]).await?.iter().map(read).collect()
}

/// Whether the reader is of the team; which guest it is; whether it sees other guests.
const fn reader_values(reader: Reader) -> (bool, Option<GuestId>, bool) {
    match reader {
        Reader::Team => (true, None, true),
        Reader::Guest { guest, sees_others } => (false, Some(guest), sees_others),
    }
}
