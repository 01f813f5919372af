//! Live events: one reader of the log for each watched project, any number of streams that repeat it.

mod batch;
mod hub;
mod stream;

pub use hub::Live;
pub use stream::stream;
