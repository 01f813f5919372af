//! Comments out to editing programs.

use std::collections::HashMap;
use std::io::{Cursor, Write as _};

use picturelock_api::{ExportFormat, Exports};
use picturelock_db::{DbError, Tx, comments, projects, reviewables, versions};
use picturelock_domain::Refusal;
use picturelock_domain::frame::{DropFrame, StartTimecode, Timecode};
use picturelock_domain::id::CommentId;
use picturelock_domain::review::Reader;
use picturelock_domain::version::Footage;
use picturelock_exchange::{ExportError, File, Format, Marker, Reply, Sheet, losses, write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::comments::table_of;
use crate::{App, AppError, Context};

/// Where the timeline begins, as the person says.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// The label of the first frame; where there is none, the file's own.
    pub label: Option<String>,
    /// Whether labels drop; where it is not said, as the label is written.
    pub drop_frame: Option<DropFrame>,
}

/// A file to save.
#[derive(Clone, Debug)]
pub struct Export {
    /// Its name and contents.
    pub file: File,
    /// Its media type.
    pub content_type: &'static str,
}

/// What the comments of a version can be exported as, and what each format would lose.
///
/// # Errors
/// *Conflict* for a version that was never ready.
pub async fn list(app: &App, cx: &Context) -> Result<Exports, AppError> {
    let (sheet, footage) = sheet(app, cx).await?;
    let format = |format: Format| ExportFormat {
        format: format.code().to_owned(),
        name: format.name().to_owned(),
        extension: format.extension().to_owned(),
        losses: losses(&sheet, format).into_iter().map(str::to_owned).collect(),
        needs_start: format.needs_start(),
    };
    Ok(Exports {
        formats: Format::ALL.into_iter().map(format).collect(),
        start_timecode: footage.start_timecode.map(|start| footage.timecode().label(start.frames.into())),
        can_drop: footage.frame_rate.can_drop(),
    })
}

/// The comments of a version, all that the team sees, as a file of `format`. What does not fit one file comes as a
/// ZIP archive of several.
///
/// # Errors
/// *Not found* for an unknown format; *invalid* with `start_needed` where the format needs a start timecode that
/// neither the file nor the person gives, or where the format cannot hold the comments.
pub async fn file(app: &App, cx: &Context, format: &str, start: &Start) -> Result<Export, AppError> {
    let format: Format = format.parse().map_err(|_| Refusal::not_found("export format"))?;
    let (mut sheet, footage) = sheet(app, cx).await?;
    sheet.start = match start_of(&footage, start)? {
        Some(start) => start,
        None if format.needs_start() => return Err(start_needed(format).into()),
        None => StartTimecode { frames: 0, drop_frame: start.drop_frame.unwrap_or(DropFrame::NonDrop) },
    };
    let mut files = write(&sheet, format).map_err(refused)?;
    match (files.pop(), files.is_empty()) {
        (Some(file), true) => Ok(Export { file, content_type: format.content_type() }),
        (Some(last), false) => {
            files.push(last);
            let file = archive(&sheet, files).map_err(|error| AppError::Machine(error.to_string()))?;
            Ok(Export { file, content_type: "application/zip" })
        }
        (None, _) => Err(AppError::Machine("an export without a file".to_owned())),
    }
}

/// The label of the first frame, if anybody knows it.
fn start_of(footage: &Footage, start: &Start) -> Result<Option<StartTimecode>, Refusal> {
    let Some(label) = start.label.as_deref().map(str::trim).filter(|label| !label.is_empty()) else {
        return Ok(footage.start_timecode);
    };
    let written = if label.contains([';', ',']) { DropFrame::Drop } else { DropFrame::NonDrop };
    let drop_frame = start.drop_frame.unwrap_or(written);
    let frames = Timecode::new(footage.frame_rate, drop_frame).and_then(|labels| labels.parse(label));
    let frames =
        frames.map_err(|error| Refusal::invalid("start", format!("The start timecode cannot be used: {error}.")))?;
    Ok(Some(StartTimecode { frames, drop_frame }))
}

fn start_needed(format: Format) -> Refusal {
    let words = format!(
        "{} places notes by timecode, and this file carries none. Type the timecode at which the timeline starts, \
         such as 01:00:00:00.",
        format.name()
    );
    Refusal::invalid("start_needed", words)
}

fn refused(error: ExportError) -> AppError {
    match error {
        ExportError::Write(error) => error.into(),
        error => Refusal::invalid("export", format!("These notes cannot be exported so: {error}.")).into(),
    }
}

/// All comments of the version as the team sees them. The start is to be set by whoever knows it.
async fn sheet(app: &App, cx: &Context) -> Result<(Sheet, Footage), AppError> {
    let (project, id) = (cx.project()?, cx.version()?);
    let mut tx = app.db.read().await?;
    let version = versions::get(&mut tx, id).await?.ok_or_else(|| Refusal::not_found("version"))?;
    let project = projects::by_id(&mut tx, project).await?.ok_or_else(|| Refusal::not_found("project"))?;
    let title = reviewables::by_id(&mut tx, version.reviewable).await?;
    let title = title.ok_or_else(|| DbError::Damaged("reviewable".to_owned()))?.name;
    let footage = version
        .footage
        .ok_or_else(|| Refusal::conflict("not_ready", "This version was never ready, so it has no notes to export."))?;
    let link_base = format!("{}/projects/{}/versions/{id}?comment=", app.settings.public_url, project.id);
    let sheet = Sheet {
        title,
        project: project.name,
        version_label: format!("v{}", version.number),
        rate: footage.frame_rate,
        class: footage.rate_class,
        start: StartTimecode { frames: 0, drop_frame: DropFrame::NonDrop },
        frame_count: footage.frame_count,
        width: footage.width,
        height: footage.height,
        table: table_of(&mut tx, id, &footage).await?,
        markers: markers(&mut tx, cx).await?,
        link_base: Some(link_base),
    };
    Ok((sheet, footage))
}

async fn markers(tx: &mut Tx, cx: &Context) -> Result<Vec<Marker>, AppError> {
    let version = cx.version()?;
    let mut replies: HashMap<CommentId, Vec<Reply>> = HashMap::new();
    for reply in comments::replies_of_version(tx, version, Reader::Team).await? {
        if let Some(parent) = reply.parent {
            replies.entry(parent).or_default().push(Reply { author: reply.author.name, text: reply.text });
        }
    }
    let marker = |comment: comments::Comment| Marker {
        id: comment.id.to_string(),
        range: comment.frames,
        author: comment.author.name,
        text: comment.text,
        kind: comment.kind,
        status: comment.status,
        audience: comment.audience,
        replies: replies.remove(&comment.id).unwrap_or_default(),
        drawing: comment.drawing.is_some(),
        link: None,
        created_at: Some(comment.created_at),
    };
    Ok(comments::of_version(tx, version, Reader::Team).await?.into_iter().map(marker).collect())
}

fn archive(sheet: &Sheet, files: Vec<File>) -> Result<File, zip::result::ZipError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for file in files {
        archive.start_file(file.name, options)?;
        archive.write_all(&file.bytes)?;
    }
    let bytes = archive.finish()?.into_inner();
    Ok(File { name: format!("{} {} comments.zip", sheet.title, sheet.version_label), bytes })
}
