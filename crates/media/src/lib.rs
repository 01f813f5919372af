//! Media files: recognise, probe, plan and make proxies, stills, sprites and peaks in a sandbox.
//!
//! The way of an upload: [`recognise`] looks at its first bytes, [`probe`] measures it, [`plan`] says what will
//! be made of it, [`make`] makes it. Whatever the file says is a claim: the media tools see one input and one
//! output folder and no network, and [`make`] succeeds only when source, frame table and every proxy hold the
//! same number of frames. A [`Refused`] is written for the person who uploaded the file.
//!
//! ```no_run
//! # async fn example() -> Result<(), picturelock_media::MediaError> {
//! use std::path::Path;
//! use picturelock_media::{CancellationToken, Settings, Tools, make, plan, probe};
//!
//! let (input, out) = (Path::new("/uploads/7f/original"), Path::new("/media/7f"));
//! let tools = Tools::find()?;
//! let probe = probe(&tools, input).await?;
//! let plan = plan(&probe, &Settings::default());
//! let made = make(&tools, &plan, input, out, |_| {}, &CancellationToken::new()).await?;
//! println!("{} frames", made.footage.frame_count);
//! # Ok(())
//! # }
//! ```

mod container;
mod error;
mod make;
mod mp4;
mod peaks;
mod plan;
mod probe;
mod run;
mod sample;

mod sandbox;
mod still;
mod tools;

pub use container::{Container, recognise};
pub use error::{MediaError, Refused};
pub use make::{Made, Progress, Proxy, Sprites, make};
pub use mp4::{Mp4Error, read_frame_table};
pub use peaks::{PeakLevel, Peaks};
pub use plan::{Plan, Rendition, Settings, SpritePlan, plan};
pub use probe::{AudioTrack, ColourKind, Probe, Quarter, Scan, SourceFrames, probe};

pub use sample::{SampleCut, generate_sample};
pub use sandbox::Sandbox;
pub use still::still;
pub use tokio_util::sync::CancellationToken;
pub use tools::Tools;
