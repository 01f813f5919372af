//! One comment from JSON.

use jiff::Timestamp;
use picturelock_domain::frame::{FrameRange, RateClass};
use picturelock_domain::review::{Anchor, Audience, CommentKind, CommentStatus};
use serde::Deserialize;
use serde_json::Value;

use super::{Clock, SheetError};
use crate::{Marker, Reply};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CommentFields {
    id: Option<String>,
    #[serde(alias = "frame")]
    first: Option<u32>,
    last: Option<u32>,
    anchor: Option<Anchor>,
    timecode: Option<String>,
    timecode_out: Option<String>,
    #[serde(alias = "note", alias = "body")]
    text: String,
    author: Option<Value>,
    kind: Option<String>,
    status: Option<CommentStatus>,
    audience: Option<Audience>,
    replies: Option<Vec<Value>>,
    drawing: Option<Value>,
    #[serde(alias = "url")]
    link: Option<String>,
    created_at: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReplyFields {
    author: Option<Value>,
    text: String,
}

/// Fields of the HTTP API's comments and replies that no marker holds.
const UNUSED: [&str; 7] = ["version_id", "project_id", "resolved_by", "resolved_at", "has_still", "edited_at", "mine"];
const UNUSED_OF_REPLY: [&str; 5] = ["id", "audience", "created_at", "edited_at", "mine"];

pub(super) fn read(value: Value, clock: &Clock) -> Result<Marker, SheetError> {
    let fields: CommentFields = serde_json::from_value(without(value, &UNUSED))?;
    let range = range(&fields, clock)?;
    let replies = fields.replies.unwrap_or_default().into_iter().map(reply);
    Ok(Marker {
        id: fields.id.unwrap_or_default(),
        range,
        author: author(fields.author)?,
        text: fields.text,
        kind: kind(fields.kind)?,
        status: fields.status.unwrap_or(CommentStatus::Open),
        audience: fields.audience.unwrap_or(Audience::Everyone),
        replies: replies.collect::<Result<_, SheetError>>()?,
        drawing: drawing(fields.drawing)?,
        link: fields.link.map(address).transpose()?,
        created_at: fields.created_at,
    })
}

fn reply(value: Value) -> Result<Reply, SheetError> {
    let fields: ReplyFields = serde_json::from_value(without(value, &UNUSED_OF_REPLY))?;
    Ok(Reply { author: author(fields.author)?, text: fields.text })
}

fn without(mut value: Value, names: &[&str]) -> Value {
    if let Value::Object(fields) = &mut value {
        fields.retain(|name, _| !names.contains(&name.as_str()));
    }
    value
}

/// A web address: what else begins a link could run in the program that shows it.
pub(super) fn address(text: String) -> Result<String, SheetError> {
    let web = ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme));
    if web && !text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        Ok(text)
    } else {
        Err(SheetError::new("a link must begin with https:// or http:// and hold no spaces"))
    }
}

fn range(fields: &CommentFields, clock: &Clock) -> Result<FrameRange, SheetError> {
    if let Some(first) = fields.first {
        let range = FrameRange::new(first, fields.last.unwrap_or(first));
        return range.map_err(|error| SheetError::new(error.to_string()));
    }
    if let Some(anchor) = fields.anchor {
        return Ok(anchor.frames());
    }
    let Some(label) = &fields.timecode else {
        return Err(SheetError::new("it has no place; give frame, first and last, or timecode"));
    };
    if clock.class == RateClass::Variable {
        return Err(SheetError::new("at a variable rate timecode is no exact place; give frames"));
    }
    let first = frame(label, clock)?;
    let last = match &fields.timecode_out {
        Some(label) => {
            frame(label, clock)?.checked_sub(1).ok_or_else(|| SheetError::new("it ends before it begins"))?
        }
        None => first,
    };
    FrameRange::new(first, last).map_err(|error| SheetError::new(error.to_string()))
}

/// The frame that carries `label`, counted from the first of the version.
fn frame(label: &str, clock: &Clock) -> Result<u32, SheetError> {
    let frames = clock.labels.parse(label)?;
    let after_midnight = (frames + clock.labels.frames_per_day()).checked_sub(clock.start);
    let in_version = |frame: &u32| clock.frame_count.is_some_and(|count| *frame <= count);
    let frame = frames.checked_sub(clock.start).or(after_midnight.filter(in_version));
    frame.ok_or_else(|| SheetError::new(format!("{} lies before the start timecode", label.trim())))
}

fn author(value: Option<Value>) -> Result<String, SheetError> {
    let name = match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(name)) => name,
        Some(Value::Object(fields)) => match fields.get("name") {
            Some(Value::String(name)) => name.clone(),
            Some(_) | None => return Err(SheetError::new("the author has no name")),
        },
        Some(_) => return Err(SheetError::new("author must be a name")),
    };
    Ok(if name.trim().is_empty() { "Unknown".to_owned() } else { name })
}

fn kind(word: Option<String>) -> Result<CommentKind, SheetError> {
    let Some(word) = word else {
        return Ok(CommentKind::Change);
    };
    CommentKind::from_code(&word.trim().to_ascii_lowercase().replace([' ', '-'], "_"))
        .ok_or_else(|| SheetError::new("kind must be change, question, praise, studio_error or later_stage"))
}

fn drawing(value: Option<Value>) -> Result<bool, SheetError> {
    match value {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(drawn)) => Ok(drawn),
        Some(Value::Array(shapes)) => Ok(!shapes.is_empty()),
        Some(_) => Err(SheetError::new("drawing must be true, false or a list of shapes")),
    }
}
