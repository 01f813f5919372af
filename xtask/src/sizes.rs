//! Files stay small enough to read.

use std::path::Path;

use crate::files;

const LIMIT: usize = 500;

pub fn check(root: &Path) -> Vec<String> {
    let sources = files(root, &[".rs", ".ts", ".svelte", ".mjs", ".css"]);
    let written = sources.iter().filter(|path| !path.ends_with("web/src/api/schema.d.ts"));
    written
        .filter_map(|path| {
            let lines = std::fs::read_to_string(path).ok()?.lines().count();
            (lines > LIMIT).then(|| format!("{}: {lines} lines; split it (at most {LIMIT})", path.display()))
        })
        .collect()
}
