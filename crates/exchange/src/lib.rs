//! Comments to editing systems, as markers.
//!
//! A [`Sheet`] holds the comments of one version as frames; [`write()`] makes of it the files that editing
//! systems import. A position stays an integer frame until the last moment: timecode is only a label for it.
//! What a format cannot hold is said by [`losses()`].
//!
//! | format | file | place of a marker |
//! |---|---|---|
//! | [`Format::Edl`] | DaVinci Resolve "timeline markers from EDL" | absolute timecode |
//! | [`Format::Fcpxml`] | Final Cut Pro FCPXML 1.10 | rational seconds on a gap's own time |
//! | [`Format::Xmeml`] | Premiere Pro, Final Cut Pro 7 XML version 4 | frames from the first |
//! | [`Format::Avid`] | Media Composer marker text | absolute timecode |
//! | [`Format::Otio`] | OpenTimelineIO JSON | frames from the first |
//! | [`Format::Csv`] | spreadsheets | timecode, frames and seconds |

mod avid;
mod colour;
mod csv;
mod edl;
mod error;
mod fcpxml;
mod format;
mod json;
mod loss;
mod otio;
mod place;
mod sheet;
mod text;
mod xmeml;
mod xml;

pub use colour::MarkerColour;
pub use error::ExportError;
pub use format::{File, Format, UnknownFormat, write};
pub use json::SheetError;
pub use loss::losses;
pub use sheet::{Marker, Reply, Sheet};
