//! One exact frame of a proxy as a picture.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use picturelock_domain::frame::FrameTable;
use tokio_util::sync::CancellationToken;

use crate::probe::{file_argument, input_guards};
use crate::run::{Collected, Job, Limits, Tool, run};
use crate::sandbox::Reach;
use crate::{Container, MediaError, Tools};

/// Writes exactly `frame` of `proxy`, whose frames are `table`, to `out_jpeg`.
///
/// The frame is chosen by its time stamp, tick for tick: no neighbour can take its place.
///
/// # Errors
/// When there is no such frame, or the proxy does not hold it at the table's time.
pub async fn still(
    tools: &Tools,
    proxy: &Path,
    table: &FrameTable,
    frame: u32,
    out_jpeg: &Path,
    cancel: &CancellationToken,
) -> Result<(), MediaError> {
    if frame >= table.len() {
        return Err(MediaError::NoSuchFrame { frame, last: table.len() - 1 });
    }
    let (proxy, out_jpeg) = (std::path::absolute(proxy)?, std::path::absolute(out_jpeg)?);
    let folder = out_jpeg.parent().ok_or_else(|| std::io::Error::other("no folder to write into"))?;
    // Written into a folder of its own and moved, so that the tool sees no neighbour and no half picture stays.
    let private = tempfile::Builder::new().prefix(".still-").tempdir_in(folder)?;
    let job = Job {
        tool: Tool::Ffmpeg,
        arguments: arguments(&proxy, table, frame),
        folder: private.path().to_owned(),
        reach: Reach { read: vec![proxy], write: Some(private.path().to_owned()) },
        limits: Limits { wall: Duration::from_secs(120), file_bytes: 64 << 20 },
    };
    let sink = Collected { bytes: Vec::new(), limit: 0 };
    let finished = run(tools, job, sink, |_| {}, cancel).await?;
    let picture = private.path().join("still.jpg");
    if !finished.success || !picture.exists() {
        let detail = format!("frame {frame} was not found at its time: {}", finished.messages.join("\n"));
        return Err(MediaError::Failed { tool: "ffmpeg", detail });
    }
    Ok(tokio::fs::rename(picture, out_jpeg).await?)
}

fn arguments(proxy: &Path, table: &FrameTable, frame: u32) -> Vec<OsString> {
    let base = table.time_base();
    let start = table.start_of(frame);
    // Seeking to just before the frame lands on the key frame before it, whatever the rounding.
    let before = start.saturating_sub(u64::from(base.den / base.num / 1000).max(1));
    let seconds = before as f64 * f64::from(base.num) / f64::from(base.den);
    let mut arguments = input_guards(Container::Mp4);
    let seek = ["-nostdin", "-nostats", "-y", "-copyts", "-noaccurate_seek", "-ss", &format!("{seconds:.6}"), "-i"];
    arguments.extend(seek.map(OsString::from));
    arguments.push(file_argument(proxy));
    let filter = format!(
        "select='eq(pts,{start})',scale=in_range=tv:out_range=pc:in_color_matrix=bt709:out_color_matrix=bt601,\
         format=yuvj420p"
    );
    let output = ["-map", "0:v:0", "-vf", &filter, "-frames:v", "1", "-fps_mode", "passthrough", "-c:v", "mjpeg"];
    arguments.extend(output.map(OsString::from));
    let picture = ["-q:v", "2", "-map_metadata", "-1", "-f", "image2", "-update", "1", "file:still.jpg"];
    arguments.extend(picture.map(OsString::from));
    arguments
}
