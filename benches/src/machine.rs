//! What the kernel knows of processes (Linux).

use std::path::{Path, PathBuf};

/// Clock ticks per second in `/proc`; the same on every Linux that Rust's standard library supports.
const TICKS: f64 = 100.0;

/// The program under test: beside this one, or `PICTURELOCK_PROGRAM`.
pub fn program() -> PathBuf {
    let beside = || std::env::current_exe().expect("a path").with_file_name("picturelock");
    let program = std::env::var_os("PICTURELOCK_PROGRAM").map_or_else(beside, PathBuf::from);
    assert!(program.is_file(), "no {}: cargo build --release -p picturelock", program.display());
    program
}

/// CPU seconds of the process, and of its children that have ended.
pub fn cpu(process: u32) -> f64 {
    let fields = stat(process);
    fields[11..15].iter().sum::<f64>() / TICKS
}

/// CPU seconds of the programs that this one has started and seen end.
pub fn cpu_of_children() -> f64 {
    stat(std::process::id())[13..15].iter().sum::<f64>() / TICKS
}

/// Resident memory in MB.
pub fn memory(process: u32) -> f64 {
    status(process, "VmRSS:") / 1000.0 * 1.024
}

/// How many threads the process has.
pub fn threads(process: u32) -> f64 {
    status(process, "Threads:")
}

/// How many processors there are.
pub fn processors() -> f64 {
    std::thread::available_parallelism().map_or(1.0, |count| count.get() as f64)
}

/// Processes whose parent is `process`.
pub fn children(process: u32) -> Vec<u32> {
    let numbers = std::fs::read_dir("/proc").expect("/proc").flatten();
    let numbers = numbers.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    numbers
        .filter(|&number| Path::new(&format!("/proc/{number}/stat")).exists())
        .filter(|&number| stat(number).get(1) == Some(&f64::from(process)))
        .collect()
}

/// The numbers after the name in `/proc/…/stat`, with the state as 0.
fn stat(process: u32) -> Vec<f64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let after_name = text.rsplit(')').next().unwrap_or_default();
    after_name.split_whitespace().map(|field| field.parse().unwrap_or(0.0)).collect()
}

fn status(process: u32, field: &str) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).expect("a process");
    let line = text.lines().find_map(|line| line.strip_prefix(field)).expect("a field");
    line.split_whitespace().next().and_then(|word| word.parse().ok()).expect("a number")
}
