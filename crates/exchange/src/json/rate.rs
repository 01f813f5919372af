//! Rates and timecode as people write them.

use picturelock_domain::frame::{DropFrame, FrameRate, StartTimecode, Timecode};
use serde_json::Value;

use super::{SheetError, SheetFields};

/// The start timecode as it was written, before its rate and mode are settled.
pub(super) enum Start {
    Label(String),
    Frames(u32),
}

impl Start {
    /// Frames from midnight.
    pub fn frames(&self, labels: Timecode) -> Result<u32, SheetError> {
        match self {
            Self::Label(label) => Ok(labels.parse(label)?),
            Self::Frames(frames) => Ok(*frames),
        }
    }
}

/// The rate, and the mode if it was written with the rate.
pub(super) fn frame_rate(value: &Value) -> Result<(FrameRate, Option<DropFrame>), SheetError> {
    let unreadable = || SheetError::new("frame_rate must be such as 25, 23.976, \"29.97 DF\" or \"30000/1001\"");
    match value {
        Value::Number(number) => Ok((from_text(&number.to_string()).ok_or_else(unreadable)?, None)),
        Value::Object(_) => {
            Ok((serde_json::from_value(value.clone()).map_err(|error| SheetError::new(error.to_string()))?, None))
        }
        Value::String(text) => {
            let text = text.trim().to_ascii_uppercase();
            let (text, mode) = if let Some(rate) = text.strip_suffix("NDF") {
                (rate, Some(DropFrame::NonDrop))
            } else if let Some(rate) = text.strip_suffix("DF") {
                (rate, Some(DropFrame::Drop))
            } else {
                (text.as_str(), None)
            };
            Ok((from_text(text.trim()).ok_or_else(unreadable)?, mode))
        }
        Value::Null | Value::Bool(_) | Value::Array(_) => Err(unreadable()),
    }
}

/// Where the first frame lies, and whether labels drop: as said, as the label is written, else non-drop.
pub(super) fn start(fields: &SheetFields, of_rate: Option<DropFrame>) -> Result<(Start, DropFrame), SheetError> {
    let (start, of_label) = match &fields.start_timecode {
        None | Some(Value::Null) => (Start::Frames(0), None),
        Some(Value::String(label)) => {
            let dropping = label.contains(';').then_some(DropFrame::Drop);
            (Start::Label(label.clone()), dropping)
        }
        Some(value) => {
            let start: StartTimecode = serde_json::from_value(value.clone())
                .map_err(|_| SheetError::new("start_timecode must be such as \"01:00:00:00\""))?;
            (Start::Frames(start.frames), Some(start.drop_frame))
        }
    };
    let said = [mode(fields.drop_frame.as_ref())?, of_rate, of_label];
    let mut said = said.into_iter().flatten();
    let first = said.next();
    if said.any(|other| Some(other) != first) {
        return Err(SheetError::new("frame_rate, start_timecode and drop_frame disagree about drop-frame"));
    }
    Ok((start, first.unwrap_or(DropFrame::NonDrop)))
}

fn mode(value: Option<&Value>) -> Result<Option<DropFrame>, SheetError> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(true)) => Ok(Some(DropFrame::Drop)),
        Some(Value::Bool(false)) => Ok(Some(DropFrame::NonDrop)),
        Some(Value::String(word)) if word == "drop" => Ok(Some(DropFrame::Drop)),
        Some(Value::String(word)) if word == "non_drop" => Ok(Some(DropFrame::NonDrop)),
        Some(_) => Err(SheetError::new("drop_frame must be true or false")),
    }
}

/// `25`, `30000/1001`, or a decimal, which is taken for the standard rate it rounds.
fn from_text(text: &str) -> Option<FrameRate> {
    if let Some((num, den)) = text.split_once('/') {
        return FrameRate::new(whole(num)?, whole(den)?).ok();
    }
    let Some((seconds, decimals)) = text.split_once('.') else {
        return FrameRate::new(whole(text)?, 1).ok();
    };
    // Six digits tell 24000/1001 from every other rate.
    let decimals = decimals.get(..6).unwrap_or(decimals);
    let den = 10_u32.checked_pow(decimals.len() as u32)?;
    let num = whole(seconds)?.checked_mul(den)?.checked_add(whole(decimals)?)?;
    let rate = FrameRate::new(num, den).ok()?;
    Some(rate.standard().unwrap_or(rate))
}

fn whole(digits: &str) -> Option<u32> {
    let digits = digits.trim();
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}
