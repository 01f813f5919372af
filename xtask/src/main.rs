//! `cargo xtask tidy`: the checks that keep the structure in order. Each finding says where and why.

mod arrows;
mod sizes;
mod words;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    if asked != ["tidy"] {
        eprintln!("usage: cargo xtask tidy");
        return ExitCode::from(2);
    }
    let found = findings(&root());
    for finding in &found {
        eprintln!("{finding}");
    }
    if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn findings(root: &Path) -> Vec<String> {
    let mut found = arrows::check(root);
    found.extend(sizes::check(root));
    found.extend(words::check(root));
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The files below `folder` whose names end in one of `endings`, without what builds leave behind.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if path.is_dir() {
            if !["target", "node_modules", "dist", ".git", ".cache"].contains(&name.as_ref()) {
                found.extend(files(&path, endings));
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_project_is_tidy() {
        assert_eq!(super::findings(&super::root()), Vec::<String>::new());
    }
}
