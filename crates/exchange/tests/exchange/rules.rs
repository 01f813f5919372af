//! What each format asks for, beyond the place of a marker.

use picturelock_domain::frame::{FrameTable, RateClass, TimeBase};
use picturelock_domain::review::{Audience, CommentKind, CommentStatus};
use picturelock_exchange::{ExportError, Format, Reply, Sheet, losses, write};

use crate::readers::{read, table};
use crate::sheets::{RATES, marker, rate, sheet, written};

/// One comment of every kind, a resolved one, a reply, a drawing, a link.
fn review() -> Sheet {
    let mut sheet = sheet(RATES[2], "10:00:00:00", 1000);
    sheet.markers = CommentKind::ALL
        .into_iter()
        .enumerate()
        .map(|(index, kind)| {
            let mut comment = marker(index as u32 * 10, index as u32 * 10, kind.code());
            comment.kind = kind;
            comment
        })
        .collect();
    let mut done = marker(100, 123, "Lower the music\nunder the line");
    done.status = CommentStatus::Resolved;
    done.audience = Audience::Team;
    done.drawing = true;
    done.replies = vec![Reply { author: "Ben".to_owned(), text: "Done".to_owned() }];
    sheet.markers.push(done);
    sheet.link_base = Some("https://review.example/c/".to_owned());
    sheet
}

/// A variable rate: frames of 20 and 60 milliseconds in turn.
fn variable() -> Sheet {
    let mut sheet = sheet(RATES[2], "00:00:00:00", 100);
    let times: Vec<i64> = (0..100).map(|frame| frame / 2 * 80 + frame % 2 * 20).collect();
    sheet.table = Some(FrameTable::from_times(TimeBase { num: 1, den: 1000 }, &times, 60).expect("a table"));
    sheet.class = RateClass::Variable;
    sheet.markers = vec![marker(0, 0, "a"), marker(1, 1, "b"), marker(2, 2, "c"), marker(3, 5, "d")];
    sheet
}

#[test]
fn an_edl_has_the_form_that_resolve_writes() {
    let mut sheet = sheet(RATES[0], "01:00:00:00", 1000);
    let mut comment = marker(130, 177, "Cut earlier");
    comment.author = "Ana".to_owned();
    sheet.markers = vec![comment];
    assert_eq!(
        written(&sheet, Format::Edl),
        "TITLE: Harbour\nFCM: NON-DROP FRAME\n\n\
         001  001      V     C        01:00:05:10 01:00:05:11 01:00:05:10 01:00:05:11\n\
         Cut earlier |C:ResolveColorBlue |M:Ana |D:48\n\n"
    );
}

#[test]
fn comments_that_begin_on_one_frame_share_an_edl_marker() {
    let mut sheet = sheet(RATES[2], "01:00:00:00", 1000);
    let mut question = marker(5, 9, "why?");
    question.kind = CommentKind::Question;
    question.author = "Ben".to_owned();
    sheet.markers = vec![marker(5, 5, "shorter"), question, marker(6, 6, "alone")];
    let edl = written(&sheet, Format::Edl);
    assert!(edl.contains("Ana: shorter / Ben: why? / (question) |C:ResolveColorBlue |M:Ana, Ben |D:5\n"), "{edl}");
    assert!(edl.contains("002  001") && !edl.contains("003  001"), "{edl}");
    assert!(losses(&sheet, Format::Edl).iter().any(|loss| loss.contains("share one marker")));
}

#[test]
fn an_edl_splits_at_999_events() {
    let mut sheet = sheet(RATES[2], "01:00:00:00", 3000);
    sheet.markers = (0..2000).map(|frame| marker(frame, frame, "x")).collect();
    let names: Vec<_> = write(&sheet, Format::Edl).expect("an export").into_iter().map(|file| file.name).collect();
    let expected = ["1 of 3", "2 of 3", "3 of 3"].map(|part| format!("Harbour v3 comments {part}.edl"));
    assert_eq!(names, expected);
    assert_eq!(read(&sheet, Format::Edl).len(), 2000);
}

#[test]
fn an_edl_does_not_cross_midnight() {
    let mut sheet = sheet(RATES[2], "23:59:59:00", 100);
    sheet.markers = vec![marker(23, 23, "before")];
    assert!(write(&sheet, Format::Edl).is_ok());
    // The last frame of the day: the out of its event would be 00:00:00:00.
    for last in [24, 25, 60] {
        sheet.markers = vec![marker(last, last, "x")];
        assert!(matches!(write(&sheet, Format::Edl), Err(ExportError::Midnight(_))), "{last}");
        assert!(write(&sheet, Format::Csv).is_ok());
    }
}

#[test]
fn notes_that_begin_with_a_digit_are_set_off_in_an_edl() {
    let mut sheet = sheet(RATES[2], "01:00:00:00", 100);
    sheet.markers = vec![marker(0, 0, "3 frames too long"), marker(9, 9, "")];
    let edl = written(&sheet, Format::Edl);
    assert!(edl.contains("\n- 3 frames too long |C:"), "{edl}");
    assert!(edl.contains("\n |C:ResolveColorBlue |M:Ana |D:1\n"), "an empty note begins with a space: {edl}");
}

#[test]
fn kind_and_status_become_colours_by_table() {
    let sheet = review();
    let found = |format, wanted: &[&str]| {
        let text = written(&sheet, format);
        let mut rest = text.as_str();
        for word in wanted {
            let at = rest.find(word).unwrap_or_else(|| panic!("{format}: {word} in {text}"));
            rest = &rest[at + word.len()..];
        }
    };
    // In the order change, question, praise, studio error, later stage, resolved.
    found(Format::Edl, &["ColorBlue", "ColorYellow", "ColorCream", "ColorRed", "ColorPurple", "ColorGreen"]);
    found(Format::Avid, &["\tblue\t", "\tyellow\t", "\twhite\t", "\tred\t", "\tmagenta\t", "\tgreen\t"]);
    found(Format::Otio, &["BLUE", "YELLOW", "WHITE", "RED", "PURPLE", "GREEN"]);
    found(Format::Xmeml, &[">4294741314<", ">4281049552<", ">4294967295<", ">4281740498<", ">4289825711<"]);
    found(Format::Csv, &["blue", "yellow", "grey", "red", "purple", "green"]);
    assert_eq!(written(&sheet, Format::Xmeml).matches("<pproColor>").count(), 5, "green has no element");
    let fcpxml = written(&sheet, Format::Fcpxml);
    assert_eq!(fcpxml.matches("completed=\"0\"").count(), 4);
    assert_eq!(fcpxml.matches("completed=\"1\"").count(), 1);
}

#[test]
fn everything_a_comment_says_reaches_the_note() {
    for format in [Format::Edl, Format::Fcpxml, Format::Xmeml, Format::Avid, Format::Otio] {
        let note = read(&review(), format).pop().expect("a marker").note;
        let lines: Vec<&str> = note.split('\n').flat_map(|line| line.split(" / ")).collect();
        let wanted = [
            "Lower the music",
            "under the line",
            "↳ Ben: Done",
            "(resolved, team only, with a drawing)",
            "https://review.example/c/c100",
        ];
        assert_eq!(lines, wanted, "{format}");
    }
}

#[test]
fn a_table_gives_replies_rows_of_their_own() {
    let rows = table(&written(&review(), Format::Csv));
    assert_eq!(
        rows[0][..13].join(","),
        "number,timecode in,timecode out,frame in,frame out,seconds,author,status,colour,text,reply to,version,URL"
    );
    let (comment, reply) = (&rows[6], &rows[7]);
    assert_eq!(comment[..6], ["6", "10:00:04:00", "10:00:04:24", "100", "124", "4.000000"]);
    assert_eq!((comment[9].as_str(), comment[10].as_str()), ("Lower the music\nunder the line", ""));
    assert_eq!(
        (reply[0].as_str(), reply[6].as_str(), reply[9].as_str(), reply[10].as_str()),
        ("7", "Ben", "Done", "6")
    );
}

#[test]
fn a_variable_rate_is_labelled_by_time_and_says_so() {
    let sheet = variable();
    // 0 ms, 20 ms, 80 ms, 100 ms at 25 frames per second; the last until 240 ms.
    let places: Vec<_> = read(&sheet, Format::Xmeml).into_iter().map(|seen| (seen.first, seen.count)).collect();
    assert_eq!(places, [(0, 1), (0, 2), (2, 1), (2, 4)]);
    let last = read(&sheet, Format::Otio).pop().expect("a marker").note;
    assert_eq!(last, "d\nvariable rate: timecode is by time; frames 3 to 5, pts 100/1000 s");
    let rows = table(&written(&sheet, Format::Csv));
    assert_eq!(rows[4][1..6], ["00:00:00:02", "00:00:00:06", "3", "6", "0.100000"]);
    for format in Format::ALL {
        assert!(losses(&sheet, format).iter().any(|loss| loss.contains("variable")), "{format}");
    }
}

#[test]
fn a_sheet_that_contradicts_itself_is_refused() {
    let good = variable();
    let refused = |change: fn(&mut Sheet)| {
        let mut sheet = good.clone();
        change(&mut sheet);
        let errors = Format::ALL.map(|format| write(&sheet, format).expect_err("refused").to_string());
        assert!(errors.iter().all(|error| *error == errors[0] && !error.contains('\n')), "{errors:?}");
    };
    refused(|sheet| sheet.table = None);
    refused(|sheet| sheet.frame_count = 99);
    refused(|sheet| sheet.markers[0] = marker(99, 100, "behind the end"));
    refused(|sheet| sheet.start.frames = 25 * 86_400);
    refused(|sheet| sheet.start.drop_frame = picturelock_domain::frame::DropFrame::Drop);
}

#[test]
fn rates_that_a_format_cannot_write_are_refused() {
    let mut odd = sheet(RATES[2], "00:00:00:00", 100);
    odd.rate = rate(25, 2);
    let refused =
        |sheet: &Sheet| Format::ALL.into_iter().filter(|format| write(sheet, *format).is_err()).collect::<Vec<_>>();
    assert_eq!(refused(&odd), [Format::Xmeml]);
    odd.rate = rate(120_000, 1001);
    assert_eq!(refused(&odd), [Format::Edl, Format::Avid]);
}

#[test]
fn an_export_without_comments_is_a_file_without_markers() {
    let sheet = sheet(RATES[0], "01:00:00:00", 100);
    for format in Format::ALL {
        assert_eq!(read(&sheet, format), [], "{format}");
        assert!(losses(&sheet, format).is_empty(), "{format}");
    }
}

#[test]
fn only_what_concerns_the_comments_is_said_to_be_lost() {
    let all = review();
    assert!(losses(&all, Format::Csv).iter().any(|loss| loss.contains("Drawings")));
    let mut plain = all.clone();
    plain.markers.truncate(1);
    assert_eq!(losses(&plain, Format::Csv), Vec::<&str>::new());
    assert!(losses(&plain, Format::Fcpxml).iter().any(|loss| loss.contains("no colour")));
    for format in Format::ALL {
        assert!(losses(&all, format).iter().all(|loss| format.losses().contains(loss)), "{format}");
    }
}

#[test]
fn formats_are_known_by_their_words() {
    for format in Format::ALL {
        assert_eq!(format.code().parse(), Ok(format));
    }
    assert_eq!("EDL".parse(), Ok(Format::Edl));
    assert!("aaf".parse::<Format>().is_err());
}
