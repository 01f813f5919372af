//! Small footage made on the spot, and versions without the way through an upload.

use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::Timestamp;
use picturelock_app::App;
use picturelock_app::jobs::{Work, enqueue};
use picturelock_db::projects;
use picturelock_db::reviewables::{self, Reviewable};
use picturelock_db::versions::{self, NewVersion};
use picturelock_domain::id::{ProjectId, ReviewableId, UserId, VersionId};
use picturelock_domain::project::Stage;
use picturelock_domain::review::Brief;
use uuid::Uuid;

/// A clip of `seconds` at 25 frames per second with sound, in `folder`; a picture of its own for each `hue`.
pub fn clip(folder: &Path, seconds: u32, hue: u32) -> PathBuf {
    let path = folder.join(format!("clip-{seconds}-{hue}.mp4"));
    let picture = format!("testsrc2=size=192x108:rate=25:duration={seconds},hue=h={hue}");
    let sound = format!("sine=frequency=440:duration={seconds}");
    let status = Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", &sound])
        .args(["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"])
        .arg(&path)
        .status()
        .expect("ffmpeg");
    assert!(status.success(), "ffmpeg could not make a clip");
    path
}

/// Adds a reviewable to the project.
pub async fn add_reviewable(app: &App, project: ProjectId) -> ReviewableId {
    let id = ReviewableId::from_uuid(Uuid::now_v7());
    let now = Timestamp::now();
    let new = Reviewable { id, project, name: "Film".to_owned(), brief: Brief::of(Stage::RoughCut), created_at: now };
    let mut tx = app.db.write().await.expect("a transaction");
    reviewables::insert(&mut tx, &new).await.expect("a reviewable");
    tx.commit().await.expect("a commit");
    id
}

/// Adds the file at `path` as the next version, as an upload would, and asks for its processing.
pub async fn add_version(app: &App, project: ProjectId, reviewable: ReviewableId, path: &Path) -> VersionId {
    let id = VersionId::from_uuid(Uuid::now_v7());
    let now = Timestamp::now();
    let key = picturelock_app::files::upload(id.uuid()).expect("a key");
    let bytes = app.store.put_file(&key, path).await.expect("a stored file");
    let file_name = path.file_name().expect("a name").to_string_lossy().into_owned();
    let mut tx = app.db.write().await.expect("a transaction");
    let new = NewVersion {
        id,
        project,
        reviewable,
        number: reviewables::next_number(&mut tx, reviewable).await.expect("a number"),
        file_name: file_name.clone(),
        bytes,
        source_key: key.as_str().to_owned(),
        uploaded_by: member(&mut tx, project).await,
        created_at: now,
    };
    versions::insert(&mut tx, &new).await.expect("a version");
    enqueue(&mut tx, project, &file_name, &Work::ProcessVersion { version: id }, now).await.expect("a job");
    tx.commit().await.expect("a commit");
    app.bell.ring(project);
    id
}

async fn member(tx: &mut picturelock_db::Tx, project: ProjectId) -> UserId {
    projects::members(tx, project).await.expect("members").first().expect("a member").0.id
}
