//! Background work: asked for in the transaction that makes it necessary, done by a worker on any node.

mod work;

pub use work::{Work, enqueue};
