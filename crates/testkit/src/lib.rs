//! What tests stand on: both database engines, both stores, a running server and people who use it.
//!
//! A test that needs something this machine lacks is skipped and says so ([`skip`]).

mod chance;
mod engines;
mod footage;
mod listening;
mod process;
mod screening;
mod server;
mod shared;
mod stores;
pub mod tus;
mod waiting;

pub use chance::Chance;
pub use engines::{Engine, engines};
pub use footage::{add_reviewable, add_version, clip};
pub use listening::{Heard, Listener};
pub use process::Process;
pub use screening::{FRAMES, Screening};
pub use server::{Answer, Person, TestServer};
pub use shared::{shared, skip};
pub use stores::{Storage, storages};
pub use waiting::eventually;
