//! The server killed at random moments, as by a power cut of the process: nothing acknowledged is lost, what was
//! going on goes on by itself, and nothing half-done is left where it would count.
//!
//! `PICTURELOCK_CRASH_TRIALS` says how often (20; 200 by night), `PICTURELOCK_CRASH_SEED` repeats the moments of a
//! run, as far as a machine repeats itself.
#![allow(clippy::unwrap_used)]

mod comments;
mod proxies;
mod studio;
mod uploads;
