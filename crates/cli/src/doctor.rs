//! `doctor`: what this machine has and lacks.

use picturelock_media::{Sandbox, Tools};

use crate::outcome::{Outcome, Stop};
use crate::serve::Place;

/// Says what this machine has and lacks.
#[derive(clap::Args)]
pub struct Doctor {
    #[command(flatten)]
    place: Place,
}

impl Doctor {
    /// Looks at each part; fails when one cannot be used.
    pub async fn run(self) -> Outcome {
        let mut lacking = Vec::new();
        match Tools::find() {
            Ok(tools) => {
                println!("ffmpeg    {}", tools.version());
                match tools.sandbox() {
                    Sandbox::Landlock => println!("sandbox   Landlock"),
                    Sandbox::None => {
                        println!("sandbox   none");
                        lacking.push("a kernel with Landlock (5.13 or newer): uploads are not confined".to_owned());
                    }
                }
            }
            Err(error) => lacking.push(error.to_string()),
        }
        match picturelock_server::open(&self.place.options()).await {
            Ok(app) => {
                println!("database  {}", app.db.engine());
                match app.store.space() {
                    Ok(Some(space)) => {
                        println!("storage   local disk, {} of {} GB free", giga(space.free), giga(space.total))
                    }
                    Ok(None) => println!("storage   S3"),
                    Err(error) => lacking.push(error.to_string()),
                }
                if let Err(error) = app.store.probe().await {
                    lacking.push(error.to_string());
                }
                app.db.close().await;
            }
            Err(error) => lacking.push(error.to_string()),
        }
        if lacking.is_empty() {
            println!("All is well");
            return Ok(());
        }
        Err(Stop::failed(format!("Missing: {}", lacking.join("; "))))
    }
}

const fn giga(bytes: u64) -> u64 {
    bytes / 1_000_000_000
}
