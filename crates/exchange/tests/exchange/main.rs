//! Exports read back: by readers of this test, by other projects' parsers, with hostile text, at every rate.

mod hostile;
mod json;
mod judges;
mod readers;
mod round_trip;
mod rules;
mod sheets;
mod whole_day;
