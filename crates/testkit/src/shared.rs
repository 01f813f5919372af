//! Test data beside the project, where it is there.

use std::path::PathBuf;

/// The folder of shared test data: `PICTURELOCK_SHARED`, else `../shared` beside the project.
pub fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("PICTURELOCK_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")), PathBuf::from);
    let found = root.join(path);
    if found.exists() {
        return Some(found);
    }
    skip(&format!("needs shared/{path}"));
    None
}

/// Says that something was not tested here. `./test` counts these lines.
pub fn skip(why: &str) {
    eprintln!("skipped: {why}");
}
