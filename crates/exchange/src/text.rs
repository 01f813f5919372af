//! Text made fit for marker files.

use picturelock_domain::review::{Audience, CommentKind, CommentStatus};

use crate::place::Placed;
use crate::{Format, Sheet};

/// Text without control characters, bidi overrides and code points that XML forbids; line breaks are `\n`.
pub(crate) fn clean(text: &str) -> String {
    let kept: String = text.replace("\r\n", "\n").chars().filter_map(visible).collect();
    kept.trim().to_owned()
}

/// Clean text in one line: line breaks become ` / `.
pub(crate) fn one_line(text: &str) -> String {
    let text = clean(text);
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" / ")
}

/// Clean text in one line of at most `most` characters.
pub(crate) fn short_line(text: &str, most: usize) -> String {
    let line = one_line(text);
    match line.char_indices().nth(most) {
        None => line,
        Some(_) => line.chars().take(most - 1).chain(['…']).collect(),
    }
}

/// All that a comment says: its text, its replies, what sets it apart, where it is, where to open it.
pub(crate) fn note(placed: &Placed<'_>) -> String {
    let marker = placed.marker;
    let replies = marker.replies.iter().map(|reply| format!("↳ {}: {}", one_line(&reply.author), clean(&reply.text)));
    let mut lines: Vec<String> = std::iter::once(clean(&marker.text)).chain(replies).collect();
    let traits = traits(placed);
    if !traits.is_empty() {
        lines.push(format!("({})", traits.join(", ")));
    }
    lines.extend(placed.remark.clone());
    lines.extend(placed.link.as_deref().map(one_line));
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// The name of one file of an export, free of what file systems refuse.
pub(crate) fn file_name(sheet: &Sheet, format: Format, number: usize, total: usize) -> String {
    let name = one_line(&format!("{} {}", sheet.title, sheet.version_label));
    let safe: String = name.chars().map(|c| if r#"/\:*?"<>|"#.contains(c) { '-' } else { c }).collect();
    let stem = short_line(safe.trim_start_matches(['.', '-', ' ']), 80);
    let space = if stem.is_empty() { "" } else { " " };
    let part = if total == 1 { String::new() } else { format!(" {number} of {total}") };
    format!("{stem}{space}comments{part}.{}", format.extension())
}

/// The words for what is not usual about a comment.
fn traits(placed: &Placed<'_>) -> Vec<&'static str> {
    let marker = placed.marker;
    let kind = match marker.kind {
        CommentKind::Change => None,
        CommentKind::Question => Some("question"),
        CommentKind::Praise => Some("praise"),
        CommentKind::StudioError => Some("studio error"),
        CommentKind::LaterStage => Some("later stage"),
    };
    let status = match marker.status {
        CommentStatus::Open => None,
        CommentStatus::Resolved => Some("resolved"),
    };
    let audience = match marker.audience {
        Audience::Everyone => None,
        Audience::Team => Some("team only"),
    };
    let drawing = marker.drawing.then_some("with a drawing");
    [kind, status, audience, drawing].into_iter().flatten().collect()
}

/// The character as a marker file may hold it, if it may.
fn visible(c: char) -> Option<char> {
    match c {
        '\n' | '\r' | '\u{0b}' | '\u{0c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\t' => Some(' '),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{200b}' => None,
        '\u{fffe}' | '\u{ffff}' => None,
        c if c.is_control() => None,
        c => Some(c),
    }
}
