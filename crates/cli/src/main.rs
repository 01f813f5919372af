//! The `picturelock` command: the server, its worker, and tools that need no server.
//!
//! Refused input ends with exit code 2 and one line that says why; a failure of the machine with 1.

mod admin;
mod doctor;
mod export;
mod files;
mod outcome;
mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::outcome::Outcome;

/// Post-production from raw footage to final delivery: review, approval, hand-over.
#[derive(Parser)]
#[command(version, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the server with its web app and worker.
    Serve(serve::Serve),
    /// Prepares uploads for servers elsewhere on the same database and storage.
    Worker(serve::Worker),
    /// Changes accounts at the server's own command line.
    Admin(admin::Admin),
    /// Says what this machine has and lacks.
    Doctor(doctor::Doctor),
    /// Measures a media file: frames, rate, timecode, size.
    Probe(files::Probe),
    /// Makes frame-exact proxies of a media file.
    Proxy(files::Proxy),
    /// Writes comments as markers for an editing system.
    Export(export::Export),
}

#[tokio::main]
async fn main() -> ExitCode {
    let outcome: Outcome = match Arguments::parse().command {
        Command::Serve(serve) => serve.run().await,
        Command::Worker(worker) => worker.run().await,
        Command::Admin(admin) => admin.run().await,
        Command::Doctor(doctor) => doctor.run().await,
        Command::Probe(probe) => probe.run().await,
        Command::Proxy(proxy) => proxy.run().await,
        Command::Export(export) => export.run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            eprintln!("{stop}");
            stop.code()
        }
    }
}
