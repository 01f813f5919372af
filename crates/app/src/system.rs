//! What the server runs on.

use picturelock_api::{SetUpState, System};
use picturelock_media::Sandbox;

use crate::{App, AppError, Context, accounts};

/// Whether the installation still needs its owner, and what it found on the machine.
///
/// # Errors
/// When the database is out of reach.
pub async fn set_up_state(app: &App) -> Result<SetUpState, AppError> {
    let needed = accounts::needs_set_up(app).await?;
    let mut warnings = Vec::new();
    if needed {
        if app.tools.is_none() {
            warnings.push("ffmpeg was not found: install it, then restart, or no video can be shown.".to_owned());
        }
        if sandbox(app) == "none" {
            warnings.push(
                "This system cannot confine ffmpeg (no Landlock): accept files only from people you trust.".to_owned(),
            );
        }
        if app.settings.plain_http {
            warnings.push("Plain HTTP: everybody on the network can read what you type and watch.".to_owned());
        }
    }
    Ok(SetUpState {
        needed,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ffmpeg: app.tools.as_ref().map(|tools| tools.version().to_owned()),
        sandbox: sandbox(app).to_owned(),
        warnings,
    })
}

/// What the server runs on, for the operator.
///
/// # Errors
/// When the storage is out of reach.
pub async fn facts(app: &App, _cx: &Context) -> Result<System, AppError> {
    let space = app.store.space()?;
    Ok(System {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ffmpeg: app.tools.as_ref().map(|tools| tools.version().to_owned()),
        sandbox: sandbox(app).to_owned(),
        database: app.db.engine().to_owned(),
        storage: if space.is_some() { "Local disk" } else { "S3" }.to_owned(),
        free_bytes: space.map(|space| space.free),
        total_bytes: space.map(|space| space.total),
    })
}

fn sandbox(app: &App) -> &'static str {
    match app.tools.as_ref().map(picturelock_media::Tools::sandbox) {
        Some(Sandbox::Landlock) => "landlock",
        Some(Sandbox::None) | None => "none",
    }
}
