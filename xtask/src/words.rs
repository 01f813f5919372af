//! Calls that belong to one place only.

use std::path::Path;

use crate::files;

/// A call, the folders it may appear in, and why nowhere else.
const ONLY: &[(&str, &[&str], &str)] = &[
    ("axum::", &["crates/server/"], "only the server knows HTTP"),
    ("sqlx::", &["crates/db/", "crates/testkit/"], "only db knows SQL"),
    ("object_store::", &["crates/store/"], "only store knows S3"),
    ("process::Command", &["crates/media/", "crates/testkit/", "/tests/", "xtask/"], "only media starts processes"),
    ("Timestamp::now", &["crates/server/", "crates/cli/", "/tests/", "crates/testkit/"], "time is passed in"),
    ("SystemTime::now", &["crates/server/", "crates/cli/", "/tests/", "crates/testkit/"], "time is passed in"),
    (
        "Uuid::now_v7",
        &["crates/server/", "crates/store/", "crates/testkit/", "/tests/"],
        "ids are made of the time that is passed in",
    ),
];

pub fn check(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for path in files(&root.join("crates"), &[".rs"]) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let place = path.display().to_string();
        for (call, homes, why) in ONLY {
            if homes.iter().any(|home| place.contains(home)) {
                continue;
            }
            for (number, line) in text.lines().enumerate().filter(|(_, line)| line.contains(call)) {
                if !line.trim_start().starts_with("//") {
                    found.push(format!("{place}:{}: {call}: {why}", number + 1));
                }
            }
        }
    }
    found
}
