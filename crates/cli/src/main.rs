//! The picturelock binary.
fn main() {}
