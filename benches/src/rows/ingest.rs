//! CPU of making everything a version needs, against ffmpeg making the same proxies and nothing else.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::machine::{cpu_of_children, program};
use crate::studio::footage;
use crate::table::{Bar, Figure};

const SECONDS: u32 = 20;

pub fn run() -> Vec<Figure> {
    let folder = tempfile::tempdir().expect("a folder");
    let film = footage(folder.path(), SECONDS, 1080);
    let (mut ours, mut bare) = (f64::MAX, f64::MAX);
    // Turn by turn, the best of each: what else the machine does falls on both.
    for round in 0..2 {
        let out = folder.path().join(format!("ours-{round}"));
        let mut proxy = Command::new(program());
        ours = ours.min(spent(proxy.arg("proxy").arg(&film).arg("--out").arg(&out)));
        bare = bare.min(spent(&mut transcode(&film, &folder.path().join(format!("bare-{round}")))));
    }
    vec![
        Figure::new("ingest CPU ÷ bare ffmpeg transcode of the same proxies", ours / bare, "×", Bar::AtMost(1.08)),
        Figure::new(format!("ingest of {SECONDS} s of 1080p"), ours, "CPU s", Bar::None),
        Figure::new("bare ffmpeg", bare, "CPU s", Bar::None),
    ]
}

fn spent(command: &mut Command) -> f64 {
    let before = cpu_of_children();
    let output = command.stdout(Stdio::null()).stderr(Stdio::piped()).output().expect("a process");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    cpu_of_children() - before
}

/// The proxies of `docs` as anybody would make them: 1080p and 540p from one decode, with the encoder settings that
/// exact seeking needs.
fn transcode(film: &Path, out: &Path) -> Command {
    std::fs::create_dir(out).expect("a folder");
    let video = [
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-profile:v",
        "high",
        "-crf",
        "23",
        "-pix_fmt",
        "yuv420p",
        "-bf",
        "0",
        "-g",
        "12",
        "-keyint_min",
        "12",
        "-sc_threshold",
        "0",
        "-fps_mode",
        "passthrough",
    ];
    let sound = ["-map", "0:a", "-c:a", "aac", "-b:a", "160k", "-movflags", "+faststart"];
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-nostdin", "-i"]).arg(film);
    command.args(["-filter_complex", "[0:v]split=2[large][s];[s]scale=-2:540[small]"]);
    command.args(["-map", "[large]"]).args(video).args(["-maxrate", "12000k", "-bufsize", "24000k"]).args(sound);
    command.arg(out.join("1080.mp4"));
    command.args(["-map", "[small]"]).args(video).args(["-maxrate", "3000k", "-bufsize", "6000k"]).args(sound);
    command.arg(out.join("540.mp4"));
    command
}
