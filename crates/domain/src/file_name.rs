//! Names that files arrive with. They are data to show, never a place on a disk.

use std::fmt;

use crate::Refusal;
use crate::text::{Name, hidden};

/// A file's own name: visible text on one line, without folders.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileName(String);

/// A file's place within the folder it was dropped with: names joined by `/`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RelativePath(String);

impl FileName {
    /// The most characters it may have.
    pub const MAX: usize = 255;

    /// Reads the name a browser sent. Folders before it are left out; control characters and those that turn text
    /// around are left out.
    ///
    /// # Errors
    /// When nothing is left, it names a folder (`.`, `..`), holds a NUL, or is too long.
    pub fn new(text: &str) -> Result<Self, Refusal> {
        segment(text.rsplit(['/', '\\']).next().unwrap_or_default()).map(Self)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a new reviewable is called: the name without its extension, shortened where need be.
    pub fn title(&self) -> Name {
        let stem = match self.0.rsplit_once('.') {
            Some((stem, _)) if !stem.trim_matches('.').trim().is_empty() => stem,
            Some(_) | None => &self.0,
        };
        let short: String = stem.chars().take(Name::MAX).collect();
        Name::new(&short).unwrap_or_else(|_| Name::untitled())
    }

    /// The name in letters every header can carry: what is not plain ASCII becomes `_`.
    pub fn plain(&self) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || " .-_()+,@=".contains(c) { c } else { '_' };
        self.0.chars().map(plain).collect()
    }
}

impl RelativePath {
    /// The most characters it may have.
    pub const MAX: usize = 1_024;
    /// The most folders it may lie in.
    pub const MAX_DEPTH: usize = 64;

    /// Reads a path as a browser sent it, folders separated by `/` or `\`.
    ///
    /// # Errors
    /// When it climbs (`..`), begins at a root, holds a NUL or an unreadable name, or is too long.
    pub fn new(text: &str) -> Result<Self, Refusal> {
        let refuse = |words: &str| Err(Refusal::invalid("relative_path", words));
        if text.chars().count() > Self::MAX {
            return refuse("The folder path is too long.");
        }
        let mut kept = Vec::new();
        for part in text.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".") {
            kept.push(segment(part)?);
        }
        if text.starts_with(['/', '\\']) || kept.first().is_some_and(|first| first.ends_with(':')) {
            return refuse("The folder path begins at a disk's root; it must lie within the folder that was dropped.");
        }
        if kept.len() > Self::MAX_DEPTH {
            return refuse("The file lies in too many folders.");
        }
        Ok(Self(kept.join("/")))
    }

    /// The path; empty for a file that came alone.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn segment(text: &str) -> Result<String, Refusal> {
    if text.contains('\0') {
        return Err(Refusal::invalid("file_name", "The file name holds a NUL character."));
    }
    let kept: String = text.chars().filter(|&c| !c.is_control() && !hidden(c)).collect();
    let kept = kept.trim();
    if kept.is_empty() || kept == "." || kept == ".." {
        return Err(Refusal::invalid("file_name", "The file has no name."));
    }
    let length = kept.chars().count();
    if length > FileName::MAX {
        let words = format!("The file name has {length} characters; at most {} fit.", FileName::MAX);
        return Err(Refusal::invalid("file_name", words));
    }
    Ok(kept.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn harmless(name: &str) -> bool {
        !name.is_empty()
            && name != "."
            && name != ".."
            && name.chars().count() <= FileName::MAX
            && !name.chars().any(|c| c.is_control() || hidden(c) || c == '/' || c == '\\')
    }

    proptest! {
        #[test]
        fn an_accepted_name_is_one_visible_segment_and_stable(text in "\\PC{0,300}|.{0,300}|[./\\\\a:]{0,20}") {
            if let Ok(name) = FileName::new(&text) {
                prop_assert!(harmless(name.as_str()), "{name:?}");
                prop_assert_eq!(FileName::new(name.as_str()), Ok(name.clone()));
                prop_assert!(!name.title().as_str().is_empty());
                prop_assert!(name.plain().bytes().all(|byte| (0x20..0x7f).contains(&byte) && byte != b'"'));
            }
        }

        #[test]
        fn an_accepted_path_never_leaves_its_folder(text in "\\PC{0,60}|[./\\\\a:\u{202e}]{0,30}") {
            if let Ok(path) = RelativePath::new(&text) {
                prop_assert!(path.as_str().is_empty() || path.as_str().split('/').all(harmless), "{path:?}");
                prop_assert_eq!(RelativePath::new(path.as_str()), Ok(path));
            }
        }
    }

    #[test]
    fn names_are_kept_as_people_know_them() {
        for (sent, kept) in [
            ("Cut 3 – final.mov", "Cut 3 – final.mov"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ana\\cut.mp4", "cut.mp4"),
            ("cut\u{202e}4pm.exe", "cut4pm.exe"),
            (" 剪辑.mov\r\n", "剪辑.mov"),
        ] {
            assert_eq!(FileName::new(sent).expect("a name").as_str(), kept);
        }
        for bad in ["", "..", "a/", "\u{0}.mov", "\u{202e}", &"x".repeat(300)] {
            assert!(FileName::new(bad).is_err(), "{bad:?}");
        }
        for bad in ["../a", "a/../../b", "/etc/passwd", "C:\\cut.mov", "a\u{0}/b", &"a/".repeat(100)] {
            assert!(RelativePath::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_reviewable_is_called_after_its_file() {
        let title = |name: &str| FileName::new(name).expect("a name").title().as_str().to_owned();
        assert_eq!(title("Spring spot v3.final.mov"), "Spring spot v3.final");
        assert_eq!(title(".mov"), ".mov");
        assert_eq!(title(&format!("{}.mov", "é".repeat(200))).chars().count(), Name::MAX);
    }
}
