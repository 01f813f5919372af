//! The sample project: footage generated on the spot, two versions, notes that may be deleted.

use jiff::Timestamp;
use picturelock_db::Tx;
use picturelock_db::projects::{self, Project};
use picturelock_db::reviewables::{self, Reviewable};
use picturelock_db::versions::{self, NewVersion};
use picturelock_domain::frame::FrameRate;
use picturelock_domain::id::{ProjectId, ReviewableId, UserId, VersionId};
use picturelock_domain::project::Stage;
use picturelock_domain::review::Brief;
use picturelock_domain::text::{BriefLine, Name};
use picturelock_media::{SampleCut, generate_sample};

use super::task::{Fault, Task};
use super::{Work, enqueue, sample_notes, tray};
use crate::access::id_at;
use crate::versions::announce;
use crate::{AppError, files};

const PROJECT: &str = "Sample: One day in five shots";
const CLIENT: &str = "A client of yours";
const REVIEWABLE: &str = "The film";

/// Makes the project of the sample for `owner` and asks for its footage, in the caller's transaction.
pub(crate) async fn ask(tx: &mut Tx, owner: UserId, now: Timestamp) -> Result<ProjectId, AppError> {
    let project = Project {
        id: ProjectId::from_uuid(id_at(now)),
        name: PROJECT.to_owned(),
        client: CLIENT.to_owned(),
        frame_rate: FrameRate::new(24, 1).ok(),
        start_timecode: Some("01:00:00:00".to_owned()),
        created_at: now,
    };
    projects::insert(tx, &project, owner).await?;
    let reviewable = Reviewable {
        id: ReviewableId::from_uuid(id_at(now)),
        project: project.id,
        name: REVIEWABLE.to_owned(),
        brief: Brief {
            look_at: vec![BriefLine::new("Does the day feel complete?")?, BriefLine::new("Is the dusk warm enough?")?],
            ignore: vec![BriefLine::new("Sound: the music is a placeholder.")?],
            decision_maker: Some(Name::new("The client")?),
            ..Brief::of(Stage::RoughCut)
        },
        created_at: now,
    };
    reviewables::insert(tx, &reviewable).await?;
    enqueue(tx, project.id, PROJECT, &Work::MakeSample { reviewable: reviewable.id, owner }, now).await?;
    Ok(project.id)
}

/// Films both versions and adds them as uploads are added.
pub(super) async fn run(task: &Task, reviewable: ReviewableId, owner: UserId) -> Result<(), Fault> {
    let mut tx = task.app.db.read().await?;
    // A worker that died may have added the first already.
    let there = versions::of_reviewable(&mut tx, reviewable).await?.len();
    drop(tx);
    for (index, cut) in [SampleCut::First, SampleCut::Second].into_iter().enumerate().skip(there) {
        task.progress(index as u32 * 500, "filming");
        film(task, reviewable, owner, cut).await?;
    }
    let mut tx = tray::begin(&task.app, &task.job).await?;
    task.finish(&mut tx).await?;
    tx.commit().await?;
    task.app.bell.ring(task.job.project);
    Ok(())
}

async fn film(task: &Task, reviewable: ReviewableId, owner: UserId, cut: SampleCut) -> Result<(), Fault> {
    let Some(tools) = &task.app.tools else {
        return Err(AppError::Machine("this worker has no ffmpeg".to_owned()).into());
    };
    let path = task.folder().join("sample.mp4");
    generate_sample(tools, cut, &path, task.stop()).await?;
    let (project, now) = (task.job.project, task.now());
    let id = VersionId::from_uuid(id_at(now));
    let key = files::upload(id.uuid())?;
    let bytes = task.unless_stopped(task.app.store.put_file(&key, &path)).await?;

    let mut tx = tray::begin(&task.app, &task.job).await?;
    let number = reviewables::next_number(&mut tx, reviewable).await?;
    let file_name = format!("one-day-v{number}.mp4");
    let new = NewVersion {
        id,
        project,
        reviewable,
        number,
        file_name: file_name.clone(),
        bytes,
        source_key: key.as_str().to_owned(),
        uploaded_by: owner,
        created_at: now,
    };
    versions::insert(&mut tx, &new).await?;
    match cut {
        SampleCut::First => {}
        SampleCut::Second => sample_notes::add(&mut tx, project, id, owner, now).await?,
    }
    announce(&mut tx, "version_created", project, reviewable, id, now).await?;
    enqueue(&mut tx, project, &file_name, &Work::ProcessVersion { version: id }, now).await?;
    task.still_held(&mut tx).await?;
    tx.commit().await?;
    task.app.bell.ring(project);
    Ok(())
}
