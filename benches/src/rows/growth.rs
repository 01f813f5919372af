//! Whether opening a project takes longer the more is in it.

use std::time::Instant;

use jiff::Timestamp;
use picturelock_db::comments::{self, Author, Comment};
use picturelock_db::reviewables::{self, Reviewable};
use picturelock_db::versions::{self, NewVersion};
use picturelock_db::{Db, Tx, accounts};
use picturelock_domain::frame::FrameRange;
use picturelock_domain::id::{CommentId, ProjectId, ReviewableId, UserId, VersionId};
use picturelock_domain::project::Stage;
use picturelock_domain::review::{Audience, Brief, CommentKind, CommentStatus, Writer};
use uuid::Uuid;

use crate::studio::{Studio, project};
use crate::table::{Bar, Figure, p95};

const OPENINGS: usize = 60;
const VERSIONS: usize = 10;

pub async fn run() -> Vec<Figure> {
    let mut studio = Studio::open(&["--workers", "0"]).await;
    let mut figures = Vec::new();
    let mut smallest = None;
    for notes in [10, 1_000, 100_000] {
        let took = opening(&mut studio, VERSIONS, notes).await;
        let ratio = took / *smallest.get_or_insert(took);
        figures.push(Figure::new(format!("open a project with {notes} notes, p95"), took * 1000.0, "ms", Bar::None));
        figures.push(Figure::new("the same ÷ with 10", ratio, "×", Bar::AtMost(1.5)));
    }
    let mut smallest = None;
    for versions in [10, 10_000] {
        let took = opening(&mut studio, versions, 10).await;
        let ratio = took / *smallest.get_or_insert(took);
        let what = format!("open a project with {versions} versions, p95");
        figures.push(Figure::new(what, took * 1000.0, "ms", Bar::None));
        figures.push(Figure::new("the same ÷ with 10", ratio, "×", Bar::AtMost(1.5)));
    }
    figures
}

/// Seconds until the project's page has what it shows, 95 of 100 times.
async fn opening(studio: &mut Studio, versions: usize, notes: usize) -> f64 {
    let address = project(&mut studio.owner, "Grown").await;
    let id: ProjectId = address.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
    let db = Db::open(&studio.server.data().join("picturelock.db").display().to_string()).await.expect("a database");
    let mut tx = db.write().await.expect("a transaction");
    grow(&mut tx, id, versions, notes).await;
    tx.commit().await.expect("committed");
    db.close().await;
    let mut took = Vec::with_capacity(OPENINGS);
    for _ in 0..OPENINGS {
        let began = Instant::now();
        for rest in ["", "/reviewables"] {
            let request = studio.owner.request(reqwest::Method::GET, &format!("{address}{rest}"));
            let answer = request.send().await.expect("an answer").error_for_status().expect("taken");
            answer.bytes().await.expect("a body");
        }
        took.push(began.elapsed().as_secs_f64());
    }
    p95(took)
}

/// Reviewables of ten versions each, and notes spread over the versions.
async fn grow(tx: &mut Tx, project: ProjectId, versions: usize, notes: usize) {
    let owner = accounts::all(tx).await.expect("accounts")[0].id;
    let mut ids = Vec::with_capacity(versions);
    let mut reviewable = ReviewableId::from_uuid(Uuid::now_v7());
    for number in 0..versions {
        if number % 10 == 0 {
            reviewable = ReviewableId::from_uuid(Uuid::now_v7());
            let (name, brief) = (format!("Film {number}"), Brief::of(Stage::FineCut));
            let new = Reviewable { id: reviewable, project, name, brief, created_at: Timestamp::now() };
            reviewables::insert(tx, &new).await.expect("inserted");
        }
        ids.push(version(tx, project, reviewable, number as u32 % 10 + 1, owner).await);
    }
    for number in 0..notes {
        comments::insert(tx, &note(project, ids[number % ids.len()], owner)).await.expect("inserted");
    }
}

async fn version(tx: &mut Tx, project: ProjectId, reviewable: ReviewableId, number: u32, owner: UserId) -> VersionId {
    let id = VersionId::from_uuid(Uuid::now_v7());
    let new = NewVersion {
        id,
        project,
        reviewable,
        number,
        file_name: "film.mov".to_owned(),
        bytes: 1,
        source_key: format!("uploads/{id}"),
        uploaded_by: owner,
        created_at: Timestamp::now(),
    };
    versions::insert(tx, &new).await.expect("inserted");
    id
}

fn note(project: ProjectId, version: VersionId, owner: UserId) -> Comment {
    Comment {
        id: CommentId::from_uuid(Uuid::now_v7()),
        project,
        version,
        parent: None,
        author: Author { writer: Writer::Account(owner), name: "Olive Owner".to_owned() },
        frames: FrameRange::new(3, 3).expect("a range"),
        text: "Hold this shot longer, and let the music begin with it".to_owned(),
        kind: CommentKind::Change,
        audience: Audience::Everyone,
        status: CommentStatus::Open,
        resolved: None,
        drawing: None,
        still_key: None,
        client_key: Uuid::now_v7(),
        created_at: Timestamp::now(),
        edited_at: None,
        deleted: None,
    }
}
