//! The formats, and writing any of them.

use std::fmt;
use std::str::FromStr;

use crate::place::Timeline;
use crate::{ExportError, Sheet, avid, csv, edl, fcpxml, otio, text, xmeml};

/// A file format of editing systems that can hold comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// DaVinci Resolve, "Timeline Markers from EDL".
    Edl,
    /// Final Cut Pro FCPXML 1.10; DaVinci Resolve reads it too.
    Fcpxml,
    /// Premiere Pro, Final Cut Pro 7 XML version 4.
    Xmeml,
    /// Media Composer marker text.
    Avid,
    /// OpenTimelineIO JSON.
    Otio,
    /// A table for spreadsheets.
    Csv,
}

/// One file of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// A name without folders that every common file system takes.
    pub name: String,
    /// The contents.
    pub bytes: Vec<u8>,
}

/// The word names no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not an export format; use edl, fcpxml, xmeml, avid, otio or csv")]
pub struct UnknownFormat(String);

/// Writes the comments of `sheet` as `format`: one file, or several when an EDL exceeds 999 events.
///
/// # Errors
/// When the sheet contradicts itself, or the format cannot express its rate or its timecode.
pub fn write(sheet: &Sheet, format: Format) -> Result<Vec<File>, ExportError> {
    let timeline = Timeline::new(sheet)?;
    format.refuse_rate(sheet)?;
    let contents = match format {
        Format::Edl => edl::write(&timeline)?,
        Format::Fcpxml => vec![fcpxml::write(&timeline)?],
        Format::Xmeml => vec![xmeml::write(&timeline)?],
        Format::Avid => vec![avid::write(&timeline)],
        Format::Otio => vec![otio::write(&timeline)?],
        Format::Csv => vec![csv::write(&timeline)],
    };
    let total = contents.len();
    let file = |(index, bytes)| File { name: text::file_name(sheet, format, index + 1, total), bytes };
    Ok(contents.into_iter().enumerate().map(file).collect())
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 6] = [Self::Edl, Self::Fcpxml, Self::Xmeml, Self::Avid, Self::Otio, Self::Csv];

    /// The word used in commands and addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Edl => "edl",
            Self::Fcpxml => "fcpxml",
            Self::Xmeml => "xmeml",
            Self::Avid => "avid",
            Self::Otio => "otio",
            Self::Csv => "csv",
        }
    }

    /// The name for people: the editing system and its file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Edl => "DaVinci Resolve marker EDL",
            Self::Fcpxml => "Final Cut Pro FCPXML",
            Self::Xmeml => "Premiere Pro XML",
            Self::Avid => "Avid Media Composer marker text",
            Self::Otio => "OpenTimelineIO",
            Self::Csv => "CSV table",
        }
    }

    /// The end of its file names, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Edl => "edl",
            Self::Fcpxml => "fcpxml",
            Self::Xmeml => "xml",
            Self::Avid => "txt",
            Self::Otio => "otio",
            Self::Csv => "csv",
        }
    }

    /// The media type to serve it as.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Edl | Self::Avid => "text/plain; charset=utf-8",
            Self::Fcpxml | Self::Xmeml => "application/xml",
            Self::Otio => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    /// Whether the reader finds a marker's place by timecode, so that a wrong start misplaces every marker.
    /// The other formats count from the first frame.
    pub const fn needs_start(self) -> bool {
        match self {
            Self::Edl | Self::Avid | Self::Csv => true,
            Self::Fcpxml | Self::Xmeml | Self::Otio => false,
        }
    }

    fn refuse_rate(self, sheet: &Sheet) -> Result<(), ExportError> {
        let rate = sheet.rate;
        let writable = match self {
            // Two digits for the frames.
            Self::Edl | Self::Avid => rate.nominal() <= 100,
            // A whole time base, slowed by 1000/1001 or not.
            Self::Xmeml => rate.den() == 1 || (rate.den() == 1001 && rate.num() == rate.nominal() * 1000),
            Self::Fcpxml | Self::Otio | Self::Csv => true,
        };
        if writable { Ok(()) } else { Err(ExportError::Rate { format: self, rate }) }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|format| format.code().eq_ignore_ascii_case(code.trim()));
        found.ok_or_else(|| UnknownFormat(code.chars().take(40).collect()))
    }
}
