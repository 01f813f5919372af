//! The release binary, with the web app in it.

use crate::machine::program;
use crate::table::{Bar, Figure};

pub fn run() -> Vec<Figure> {
    let bytes = std::fs::metadata(program()).expect("the program").len();
    vec![Figure::new("release binary", bytes as f64 / 1e6, "MB", Bar::AtMost(40.0))]
}
