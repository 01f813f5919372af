//! Text that tries to be more than text.

use std::process::Command;

use picturelock_exchange::{Format, Reply, Sheet};
use proptest::prelude::*;

use crate::readers::{read, table};
use crate::sheets::{RATES, marker, sheet, written};

/// Texts that break exporters: markup, directives, formulas, control and invisible characters, sheer length.
fn corpus() -> Vec<String> {
    let mut texts: Vec<String> = [
        "</marker><marker start=\"0s\" value=\"x\"/>",
        "]]><!ENTITY x SYSTEM \"file:///etc/passwd\">&x;",
        "\"' onload='x' <![CDATA[ & &amp; &#0; --> <?xml?>",
        "a |C:ResolveColorRed |M:other |D:1",
        "001  001      V     C        01:00:00:00 01:00:00:01 01:00:00:00 01:00:00:01",
        "FCM: DROP FRAME",
        "TITLE: another",
        "* LOC: 01:00:00:00 RED x",
        "=HYPERLINK(\"http://x.example\",\"y\")",
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "one\r\ntwo\rthree\n\nfour\u{2028}five\u{85}six",
        "tab\there\tand\tthere",
        "\0\u{1}\u{8}\u{1b}[31m\u{7f}\u{9b}x\u{fffe}\u{ffff}",
        "\u{202e}txet\u{202c} \u{2066}isolated\u{2069}\u{feff}",
        "👍🏽 👩‍👩‍👧 fine 🎬",
        "日本語 العربية עברית ไทย",
        "\",\"\r\n1,2,3",
        "{\"OTIO_SCHEMA\":\"Clip.1\"}",
        "\\\" \\u0000 \\n",
        "   ",
        "",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push("long ".repeat(2000));
    texts.push("|\n".repeat(5000));
    texts
}

fn hostile() -> Sheet {
    let mut sheet = sheet(RATES[3], "00:00:50;00", 100_000);
    sheet.title = "../..\\up|<b>\n=1 \u{202e}".to_owned();
    sheet.project = "<&>\"'\n".to_owned();
    sheet.version_label = "v1\t|\"".to_owned();
    for (index, text) in corpus().into_iter().enumerate() {
        let mut comment = marker(index as u32 * 100, index as u32 * 100, &text);
        comment.author = text.chars().take(120).collect();
        comment.id = text.clone();
        comment.replies = vec![Reply { author: text.clone(), text }];
        sheet.markers.push(comment);
    }
    sheet
}

#[test]
fn every_format_keeps_its_shape_under_hostile_text() {
    let sheet = hostile();
    for format in Format::ALL {
        let rows = if format == Format::Csv { 2 } else { 1 };
        let seen = read(&sheet, format);
        assert_eq!(seen.len(), rows * sheet.markers.len(), "{format}");
        for (seen, marker) in seen.chunks(rows).zip(&sheet.markers) {
            assert_eq!((seen[0].first, seen[0].count), (i64::from(marker.range.first()), 1), "{format}");
        }
    }
}

#[test]
fn no_format_carries_control_or_bidi_characters() {
    for format in Format::ALL {
        let text = written(&hostile(), format);
        let bad = |c: &char| {
            (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
        };
        assert_eq!(text.chars().find(bad), None, "{format}");
        assert_eq!(text.contains('\r'), format == Format::Csv, "{format}");
    }
}

#[test]
fn an_edl_holds_no_character_beyond_the_basic_plane_and_no_false_statement() {
    let text = written(&hostile(), Format::Edl);
    assert!(text.chars().all(|c| c <= '\u{ffff}'));
    assert_eq!(text.lines().filter(|line| line.starts_with("FCM:")).count(), 1);
    assert_eq!(text.lines().filter(|line| line.starts_with("TITLE:")).count(), 1);
    let numbered = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit())).count();
    assert_eq!(numbered, hostile().markers.len(), "only events begin with a digit");
}

#[test]
fn no_cell_of_a_table_is_a_formula() {
    let rows = table(&written(&hostile(), Format::Csv));
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
    assert!(rows.iter().flatten().any(|cell| cell == "'=HYPERLINK(\"http://x.example\",\"y\")"));
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
}

#[test]
fn file_names_stay_in_their_folder() {
    for format in Format::ALL {
        for file in picturelock_exchange::write(&hostile(), format).expect("an export") {
            assert!(!file.name.contains(['/', '\\', ':', '|', '<', '>', '"', '\n', '\t']), "{}", file.name);
            assert!(!file.name.starts_with('.') && file.name.ends_with(&format!(".{}", format.extension())));
        }
    }
}

#[test]
fn xmllint_finds_the_xml_well_formed() {
    if Command::new("xmllint").arg("--version").output().is_err() {
        println!("skipped: xmllint is not installed");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    for format in [Format::Fcpxml, Format::Xmeml] {
        let path = folder.path().join(format.code());
        std::fs::write(&path, written(&hostile(), format)).expect("a file");
        lint(&["--nonet", "--noout"], &path);
    }
    // Apple's document type is not ours to ship.
    match std::env::var_os("PICTURELOCK_FCPXML_DTD") {
        Some(dtd) => lint(
            &["--nonet", "--noout", "--dtdvalid", dtd.to_str().expect("a path")],
            &folder.path().join(Format::Fcpxml.code()),
        ),
        None => println!("skipped: PICTURELOCK_FCPXML_DTD names no document type to validate FCPXML against"),
    }
}

fn lint(arguments: &[&str], path: &std::path::Path) {
    let said = Command::new("xmllint").args(arguments).arg(path).output().expect("xmllint");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn any_text_leaves_every_marker_in_its_place(texts in prop::collection::vec(".{0,60}|\\PC{0,60}", 1..8)) {
        let mut sheet = sheet(RATES[0], "01:00:00:00", 1000);
        for (index, text) in texts.iter().enumerate() {
            let mut comment = marker(index as u32 * 3, index as u32 * 3 + 1, text);
            comment.author = text.clone();
            sheet.markers.push(comment);
        }
        for format in Format::ALL {
            let seen = read(&sheet, format);
            prop_assert_eq!(seen.len(), texts.len());
            for (index, seen) in seen.iter().enumerate() {
                prop_assert_eq!((seen.first, seen.count), (index as i64 * 3, 2));
            }
        }
    }
}
