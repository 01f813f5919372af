//! `export`: comments as markers, without a server.

use std::io::Write as _;
use std::path::PathBuf;

use picturelock_exchange::{Format, Sheet, losses, write};

use crate::outcome::{Outcome, Stop};

/// More comments than a film has frames are no comments.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Writes comments as markers for an editing system.
#[derive(clap::Args)]
pub struct Export {
    /// The comments as JSON; `docs/comments-json.md` says how.
    #[arg(long)]
    comments: PathBuf,
    /// edl, fcpxml, xmeml, avid, otio or csv.
    #[arg(long)]
    format: Format,
    /// A folder to write the files in; without it one file goes to standard output.
    #[arg(long)]
    out: Option<PathBuf>,
}

impl Export {
    /// Reads, writes, and says what the format cannot hold.
    pub fn run(self) -> Outcome {
        let size = std::fs::metadata(&self.comments).map_err(|error| self.unreadable(&error))?.len();
        if size > LARGEST {
            return Err(Stop::refused(format!("{} is larger than 64 MiB", self.comments.display())));
        }
        let json = std::fs::read(&self.comments).map_err(|error| self.unreadable(&error))?;
        let sheet = Sheet::from_json(&json).map_err(Stop::refused)?;
        let files = write(&sheet, self.format).map_err(Stop::refused)?;
        for loss in losses(&sheet, self.format) {
            eprintln!("note: {loss}");
        }
        let Some(folder) = &self.out else {
            let [file] = files.as_slice() else {
                return Err(Stop::refused("The export has several files: give a folder with --out."));
            };
            return std::io::stdout().write_all(&file.bytes).map_err(Stop::failed);
        };
        std::fs::create_dir_all(folder).map_err(Stop::failed)?;
        for file in files {
            let path = folder.join(&file.name);
            std::fs::write(&path, &file.bytes).map_err(Stop::failed)?;
            println!("{}", path.display());
        }
        Ok(())
    }

    fn unreadable(&self, error: &std::io::Error) -> Stop {
        Stop::refused(format!("{} cannot be read: {error}", self.comments.display()))
    }
}
