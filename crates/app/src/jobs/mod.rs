//! Background work: asked for in the transaction that makes it necessary, done by a worker on any node.
//!
//! A worker holds a job by a lease that it renews; if it dies, the job is taken up again, and if it wakes up late,
//! nothing it says counts. What a job makes lies under names its content gives, so doing it twice is harmless.

mod delete;
mod keeper;
mod process;
mod runner;
mod sample;
mod sample_notes;
mod scratch;
mod settle;
mod shelf;
mod still;
mod task;
mod work;

pub mod tray;

pub use runner::{Slots, run};
pub(crate) use sample::ask as ask_for_sample;
pub use task::{Clock, Fault, Task};
pub use work::{Work, enqueue, enqueue_at};
