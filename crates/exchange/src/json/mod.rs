//! A sheet from JSON.

mod comment;
mod rate;

use picturelock_domain::frame::{FrameRate, FrameTable, RateClass, StartTimecode, Timecode, TimecodeError};
use serde::Deserialize;
use serde_json::Value;

use crate::{Marker, Sheet};

/// Why JSON is no sheet, in one line for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SheetError(String);

impl SheetError {
    fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    fn in_comment(self, index: usize) -> Self {
        Self(format!("comment {}: {}", index + 1, self.0))
    }
}

impl From<serde_json::Error> for SheetError {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<TimecodeError> for SheetError {
    fn from(error: TimecodeError) -> Self {
        Self(error.to_string())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SheetFields {
    #[serde(alias = "name")]
    title: Option<String>,
    project: Option<String>,
    #[serde(alias = "version_label")]
    version: Option<Value>,
    #[serde(alias = "rate", alias = "fps")]
    frame_rate: Value,
    rate_class: Option<RateClass>,
    #[serde(alias = "start")]
    start_timecode: Option<Value>,
    drop_frame: Option<Value>,
    frame_count: Option<u32>,
    width: Option<u32>,
    height: Option<u32>,
    frame_table: Option<FrameTable>,
    link_base: Option<String>,
    #[serde(alias = "markers")]
    comments: Vec<Value>,
}

/// What the places of comments depend on.
struct Clock {
    labels: Timecode,
    start: u32,
    class: RateClass,
    frame_count: Option<u32>,
}

impl Sheet {
    /// Reads a sheet from JSON: an object with these fields, of which `frame_rate` and `comments` are needed.
    /// Fields it does not know are refused. Names and values agree with those of `picturelock probe --json`
    /// and of the HTTP API, whose comments can be used as they are.
    ///
    /// | field | value | if missing |
    /// |---|---|---|
    /// | `frame_rate` (`rate`, `fps`) | `25`, `23.976`, `"29.97 DF"`, `"30000/1001"`, `{"num":30000,"den":1001}` | refused |
    /// | `comments` (`markers`) | list of comments, see below | refused |
    /// | `title` (`name`), `project` | text | empty |
    /// | `version` (`version_label`) | text; a number 3 means `v3` | empty |
    /// | `start_timecode` (`start`) | `"01:00:00:00"`, `";"` before the frames for drop-frame; or `{"frames":108000,"drop_frame":"non_drop"}` | 00:00:00:00 |
    /// | `drop_frame` | `true`, `false`, `"drop"`, `"non_drop"` | as the start timecode is written, else `false` |
    /// | `frame_count` | whole number | of the table, else up to the last comment |
    /// | `width`, `height` | pixels | 1920, 1080 |
    /// | `frame_table` | `{"time_base":{"num":1,"den":24000},"runs":[[1001,240]]}` | none |
    /// | `rate_class` | `"constant"`, `"variable"` (needs the table) | as the table says, else constant |
    /// | `link_base` | web address to which a comment's id is appended | no links |
    ///
    /// | field of a comment | value | if missing |
    /// |---|---|---|
    /// | `frame` (`first`) with `last` | frames from 0, both belong to it | next two |
    /// | `anchor` | `{"type":"frames","first":10,"last":20}` | |
    /// | `timecode` with `timecode_out` | labels, the out half-open; at a constant rate; not read where there are frames | refused |
    /// | `text` (`note`, `body`) | text | refused |
    /// | `author` | text or `{"name":…}` | `Unknown` |
    /// | `kind` | `"change"`, `"question"`, `"praise"`, `"studio_error"`, `"later_stage"` | change |
    /// | `status` | `"open"`, `"resolved"` | open |
    /// | `audience` | `"everyone"`, `"team"` | everyone |
    /// | `replies` | list of `{"author":…,"text":…}` | none |
    /// | `drawing` | `true`, `false` or a list of shapes | `false` |
    /// | `id`, `link` (`url`), `created_at` (RFC 3339) | text | none |
    ///
    /// # Errors
    /// When the JSON is malformed, a field is unknown, or a value makes no sense.
    pub fn from_json(json: &[u8]) -> Result<Self, SheetError> {
        let fields: SheetFields = serde_json::from_slice(json)?;
        let (rate, mode) = rate::frame_rate(&fields.frame_rate)?;
        let (label_start, drop_frame) = rate::start(&fields, mode)?;
        let labels = Timecode::new(rate, drop_frame)?;
        let frames = label_start.frames(labels)?;
        let class = class(&fields, rate);
        let frame_count = fields.frame_count.or(fields.frame_table.as_ref().map(FrameTable::len));
        let clock = Clock { labels, start: frames, class, frame_count };
        let read = |(index, value)| comment::read(value, &clock).map_err(|error| error.in_comment(index));
        let markers = fields.comments.into_iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            title: fields.title.unwrap_or_default(),
            project: fields.project.unwrap_or_default(),
            version_label: version(fields.version)?,
            rate,
            class,
            start: StartTimecode { frames, drop_frame },
            frame_count: frame_count.unwrap_or_else(|| shortest(&markers)),
            width: pixels(fields.width, 1920)?,
            height: pixels(fields.height, 1080)?,
            table: fields.frame_table,
            markers,
            link_base: fields.link_base.map(comment::address).transpose()?,
        })
    }
}

fn class(fields: &SheetFields, rate: FrameRate) -> RateClass {
    let of_table = || fields.frame_table.as_ref().map(|table| table.class_at(rate));
    fields.rate_class.or_else(of_table).unwrap_or(RateClass::Constant)
}

fn version(value: Option<Value>) -> Result<String, SheetError> {
    match value {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(label)) => Ok(label),
        Some(Value::Number(number)) if number.is_u64() => Ok(format!("v{number}")),
        Some(_) => Err(SheetError::new("version must be a text or a whole number")),
    }
}

fn pixels(given: Option<u32>, default: u32) -> Result<u32, SheetError> {
    match given.unwrap_or(default) {
        pixels @ 1..=65_536 => Ok(pixels),
        other => Err(SheetError::new(format!("a picture cannot be {other} pixels wide or high"))),
    }
}

/// The fewest frames that hold every comment.
fn shortest(markers: &[Marker]) -> u32 {
    markers.iter().map(|marker| marker.range.end()).max().unwrap_or(1)
}
