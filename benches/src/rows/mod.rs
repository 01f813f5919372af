//! The rows, one file each.

mod binary;
mod comments;
mod growth;
mod idle;
mod ingest;
mod page;
mod streaming;
mod viewable;

use crate::table::Figure;

/// The rows by name, quick ones first.
pub const NAMES: &[&str] = &["binary", "page", "comments", "streaming", "ingest", "viewable", "growth", "idle"];

/// Measures the row `name`.
pub async fn run(name: &str) -> Vec<Figure> {
    match name {
        "binary" => binary::run(),
        "page" => page::run().await,
        "comments" => comments::run().await,
        "streaming" => streaming::run().await,
        "ingest" => ingest::run(),
        "viewable" => viewable::run().await,
        "growth" => growth::run().await,
        "idle" => idle::run().await,
        other => unreachable!("{other} is no row"),
    }
}
