//! The direction of dependency: an arrow that is not listed is refused.

use std::path::Path;

/// Which of our crates may use which. Outer crates come first.
const ARROWS: &[(&str, &[&str])] = &[
    ("picturelock", &["server", "app", "domain", "exchange", "media"]),
    ("server", &["app", "api", "db", "domain", "media", "store"]),
    ("app", &["api", "db", "domain", "exchange", "media", "store"]),
    ("api", &["domain"]),
    ("db", &["domain"]),
    ("media", &["domain"]),
    ("exchange", &["domain"]),
    ("store", &[]),
    ("domain", &[]),
    ("testkit", &["api", "app", "db", "domain", "media", "server", "store"]),
];

/// What the domain may use: nothing that reads files, networks or clocks.
const DOMAIN: &[&str] = &["jiff", "serde", "thiserror", "uuid"];

pub fn check(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for (name, allowed) in ARROWS {
        let folder = if *name == "picturelock" { "cli" } else { name };
        let path = root.join("crates").join(folder).join("Cargo.toml");
        let Ok(manifest) = std::fs::read_to_string(&path) else {
            found.push(format!("{}: missing", path.display()));
            continue;
        };
        for used in dependencies(&manifest) {
            match used.strip_prefix("picturelock-") {
                Some(ours) if !allowed.contains(&ours) => {
                    found.push(format!("{}: {name} may not use {ours} (xtask/src/arrows.rs)", path.display()));
                }
                None if *name == "domain" && !DOMAIN.contains(&used.as_str()) => {
                    found.push(format!("{}: the domain may not use {used}", path.display()));
                }
                Some(_) | None => {}
            }
        }
    }
    found
}

/// The names under `[dependencies]`; what only tests use has no direction.
fn dependencies(manifest: &str) -> Vec<String> {
    let (_, after) = manifest.split_once("[dependencies]").unwrap_or_default();
    let section = after.split("\n[").next().unwrap_or_default();
    let names = section.lines().filter_map(|line| line.split(['.', '=', ' ']).next());
    names.map(str::trim).filter(|name| !name.is_empty() && !name.starts_with('#')).map(str::to_owned).collect()
}
