//! Comments in their places on a timeline.

use picturelock_domain::frame::{RateClass, Timecode};

use crate::{ExportError, Marker, MarkerColour, Sheet, text};

/// A checked sheet: every comment lies inside the version and has a place at the sheet's rate.
pub(crate) struct Timeline<'a> {
    pub sheet: &'a Sheet,
    pub labels: Timecode,
    /// In the order of the timeline.
    pub markers: Vec<Placed<'a>>,
}

/// A comment with its place in frames of the sheet's rate, counted from the first frame.
pub(crate) struct Placed<'a> {
    pub marker: &'a Marker,
    pub colour: MarkerColour,
    pub first: i64,
    /// The frame after the last.
    pub end: i64,
    /// What must be known about a place that is by time; none at a constant rate.
    pub remark: Option<String>,
    pub link: Option<String>,
}

impl<'a> Timeline<'a> {
    pub fn new(sheet: &'a Sheet) -> Result<Self, ExportError> {
        let labels = Timecode::new(sheet.rate, sheet.start.drop_frame)?;
        let day = labels.frames_per_day();
        if sheet.start.frames >= day {
            return Err(ExportError::Start { frames: sheet.start.frames, day });
        }
        match (sheet.class, &sheet.table) {
            (RateClass::Variable, None) => return Err(ExportError::NoTable),
            (RateClass::Constant | RateClass::Variable, Some(table)) if table.len() != sheet.frame_count => {
                return Err(ExportError::Table { table: table.len(), frame_count: sheet.frame_count });
            }
            (RateClass::Constant, None | Some(_)) | (RateClass::Variable, Some(_)) => {}
        }
        let mut markers = sheet.markers.iter().map(|marker| place(sheet, marker)).collect::<Result<Vec<_>, _>>()?;
        markers.sort_by_key(|placed| (placed.marker.range, placed.marker.created_at));
        Ok(Self { sheet, labels, markers })
    }

    /// The label of the frame at `position`.
    pub fn label(&self, position: i64) -> String {
        self.labels.label(self.absolute(position))
    }

    /// The frame at `position` counted from 00:00:00:00.
    pub fn absolute(&self, position: i64) -> i64 {
        i64::from(self.sheet.start.frames) + position
    }

    /// The whole programme in frames of the sheet's rate; never shorter than its comments, never nothing.
    pub fn length(&self) -> i64 {
        let last = self.markers.iter().map(|placed| placed.end).max();
        position(self.sheet, self.sheet.frame_count).max(last.unwrap_or(1)).max(1)
    }
}

impl Placed<'_> {
    pub fn count(&self) -> i64 {
        self.end - self.first
    }

    /// All that the comment says, for a format that has one field for it.
    pub fn note(&self) -> String {
        text::note(self)
    }
}

fn place<'a>(sheet: &'a Sheet, marker: &'a Marker) -> Result<Placed<'a>, ExportError> {
    let range = marker.range;
    if range.last() >= sheet.frame_count {
        return Err(ExportError::Outside { frame: range.last(), frame_count: sheet.frame_count });
    }
    let first = position(sheet, range.first());
    // Frames of a variable rate may be shorter than a frame of the timeline.
    let end = position(sheet, range.end()).max(first + 1);
    let colour = MarkerColour::of(marker);
    Ok(Placed { marker, colour, first, end, remark: remark(sheet, marker), link: sheet.link(marker) })
}

fn position(sheet: &Sheet, frame: u32) -> i64 {
    match &sheet.table {
        Some(table) => table.position_at(frame, sheet.rate, sheet.class),
        None => i64::from(frame),
    }
}

fn remark(sheet: &Sheet, marker: &Marker) -> Option<String> {
    let (RateClass::Variable, Some(table)) = (sheet.class, &sheet.table) else {
        return None;
    };
    let (first, last) = (marker.range.first(), marker.range.last());
    let base = table.time_base();
    let pts = table.start_of(first) * u64::from(base.num);
    let frames = if first == last { format!("frame {first}") } else { format!("frames {first} to {last}") };
    Some(format!("variable rate: timecode is by time; {frames}, pts {pts}/{} s", base.den))
}
