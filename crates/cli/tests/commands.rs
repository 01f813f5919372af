//! The command line as people and scripts use it: what is printed, and how a command ends.
#![allow(clippy::unwrap_used)]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use picturelock_testkit::{Process, clip, eventually, shared};
use reqwest::StatusCode;
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_picturelock");

fn picturelock(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn json_of(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Refused input: exit code 2 and one line that says why, nothing else.
fn assert_refused(output: &Output, what: &str) -> String {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(2), "{what}: {said}");
    assert_eq!((said.lines().count(), output.stdout.len()), (1, 0), "{what}: {said}");
    said
}

/// Two seconds at 29.97 drop-frame whose file names a start timecode.
fn drop_frame_clip(folder: &Path) -> String {
    let path = folder.join("tape.mov").display().to_string();
    let source = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30000/1001:duration=2"];
    let target = ["-timecode", "01:00:00;00", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", &path];
    let status = Command::new("ffmpeg").args(["-v", "error"]).args(source).args(target).status().unwrap();
    assert!(status.success());
    path
}

#[test]
fn probe_measures() {
    let folder = tempfile::tempdir().unwrap();
    let measured = json_of(&picturelock(&["probe", &drop_frame_clip(folder.path()), "--json"]));
    let expected = json!({"frame_count": 59, "frame_rate": {"num": 30000, "den": 1001}, "rate_class": "constant",
        "start_timecode": "01:00:00;00", "drop_frame": true, "width": 320, "height": 180, "has_audio": false});
    for (name, value) in expected.as_object().unwrap() {
        // The generator may round two seconds to 59 or 60 frames.
        if name == "frame_count" {
            assert!([59, 60].contains(&measured[name].as_u64().unwrap()), "{measured}");
        } else {
            assert_eq!(&measured[name], value, "{name} in {measured}");
        }
    }
    let silent = json_of(&picturelock(&["probe", clip(folder.path(), 1, 0).to_str().unwrap(), "--json"]));
    assert_eq!((&silent["start_timecode"], &silent["drop_frame"]), (&Value::Null, &json!(false)));
    assert_eq!((&silent["frame_count"], &silent["has_audio"]), (&json!(25), &json!(true)));
}

#[test]
fn proxy_makes_files_whose_frames_are_the_sources() {
    let folder = tempfile::tempdir().unwrap();
    let (source, out) = (clip(folder.path(), 1, 0), folder.path().join("out").display().to_string());
    let made = json_of(&picturelock(&["proxy", source.to_str().unwrap(), "--out", &out, "--json"]));
    assert_eq!((&made["frame_count"], &made["rate_class"]), (&json!(25), &json!("constant")));
    let runs = made["frame_table"]["runs"].as_array().unwrap();
    assert_eq!(runs.iter().map(|run| run[1].as_u64().unwrap()).sum::<u64>(), 25);
    let proxy = made["proxy"].as_str().unwrap();
    assert_eq!(json_of(&picturelock(&["probe", proxy, "--json"]))["frame_count"], 25, "frames of the proxy");
    let list = |name: &str| made[name].as_array().unwrap().clone();
    for path in [list("proxies"), list("sprites"), vec![made["poster"].clone(), made["peaks"].clone()]].concat() {
        assert!(Path::new(path.as_str().unwrap()).is_file(), "{path} was made");
    }
    let again = picturelock(&["proxy", source.to_str().unwrap(), "--out", &out, "--json"]);
    assert!(!again.status.success(), "what is there is not written over");
}

#[test]
fn hostile_files_are_refused_with_a_line() {
    let Some(samples) = shared("hostile-media") else { return };
    let folder = tempfile::tempdir().unwrap();
    for (number, entry) in std::fs::read_dir(samples).unwrap().enumerate() {
        let path = entry.unwrap().path();
        let (name, file) = (path.file_stem().unwrap().to_str().unwrap(), path.to_str().unwrap());
        let out = folder.path().join(number.to_string());
        for arguments in [vec!["probe", file, "--json"], vec!["proxy", file, "--out", out.to_str().unwrap(), "--json"]]
        {
            let output = picturelock(&arguments);
            if name == "good" {
                assert_eq!(json_of(&output)["frame_count"], 25);
            } else {
                assert_refused(&output, file);
            }
        }
        let left = std::fs::read_dir(&out).map_or(0, Iterator::count);
        assert!(name == "good" || left == 0, "{file} left {left} files behind");
    }
}

#[test]
fn what_cannot_be_read_is_refused_with_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.mov").display().to_string();
    assert_refused(&picturelock(&["probe", &missing, "--json"]), "a missing file");
    assert_refused(&picturelock(&["export", "--comments", &missing, "--format", "edl"]), "missing comments");
    let broken = folder.path().join("broken.json");
    for text in ["", "[]", "{\"frame_rate\": 25}", r#"{"frame_rate": 25, "comments": [{"frame": -1, "text": "x"}]}"#] {
        std::fs::write(&broken, text).unwrap();
        assert_refused(&picturelock(&["export", "--comments", broken.to_str().unwrap(), "--format", "csv"]), text);
    }
    assert_eq!(
        picturelock(&["export", "--comments", broken.to_str().unwrap(), "--format", "doc"]).status.code(),
        Some(2)
    );
}

#[test]
fn comments_are_exported_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let comments = folder.path().join("comments.json");
    let sheet = json!({"title": "Harbour", "version": 3, "frame_rate": "29.97 DF", "start_timecode": "01:00:00;00",
        "frame_count": 5394, "comments": [{"frame": 120, "text": "Hold this shot longer", "author": "Client"}]});
    std::fs::write(&comments, sheet.to_string()).unwrap();
    let begins = [
        ("edl", "TITLE: "),
        ("fcpxml", "<?xml"),
        ("xmeml", "<?xml"),
        ("avid", "Client\t01:00:04;00\t"),
        ("otio", "{"),
        ("csv", ""),
    ];
    for (format, beginning) in begins {
        let output = picturelock(&["export", "--comments", comments.to_str().unwrap(), "--format", format]);
        assert!(output.status.success(), "{format}: {}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.starts_with(beginning) && text.contains("Hold this shot longer"), "{format}: {text}");

        let out = folder.path().join(format);
        let to_folder = ["export", "--comments", comments.to_str().unwrap(), "--format", format, "--out"];
        let output = picturelock(&[&to_folder[..], &[out.to_str().unwrap()]].concat());
        let said = String::from_utf8(output.stdout).unwrap();
        let written: Vec<String> = said.lines().map(|path| std::fs::read_to_string(path).unwrap()).collect();
        assert_eq!(written, [text], "{format}: a file holds what is printed without --out");
    }
}

#[tokio::test]
async fn an_account_made_at_the_command_line_signs_in() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let doctor = picturelock(&["doctor", "--data", data]);
    let said = String::from_utf8(doctor.stdout).unwrap();
    for part in ["ffmpeg", "sandbox", "database  SQLite", "storage   local disk", "All is well"] {
        assert!(said.contains(part), "{part} in {said}");
    }

    let server = Process::start(PROGRAM, folder.path(), &["--workers", "0"]);
    server.owner().await;
    let create =
        ["admin", "--data", data, "create-account", "--name", "Petra Producer", "--email", "petra@studio.example"];
    assert!(with_password(&[&create[..], &["--role", "producer"]].concat(), "four unrelated words").status.success());
    let taken = with_password(&[&create[..], &["--role", "editor"]].concat(), "four unrelated words");
    assert_refused(&taken, "an address that is taken");
    assert_eq!(sign_in(&server, "four unrelated words").await, StatusCode::OK);

    let reset = ["admin", "--data", data, "reset-password", "--email", "petra@studio.example"];
    assert_refused(&with_password(&reset, "short"), "a password that is too short");
    assert!(with_password(&reset, "four quite other words").status.success());
    assert_eq!(sign_in(&server, "four unrelated words").await, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in(&server, "four quite other words").await, StatusCode::OK);
}

async fn sign_in(server: &Process, password: &str) -> StatusCode {
    let form = json!({"email": "petra@studio.example", "password": password});
    server.visitor().post("/api/session", form).await.status
}

fn with_password(arguments: &[&str], password: &str) -> Output {
    let mut child = Command::new(PROGRAM)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
    child.wait_with_output().unwrap()
}

#[tokio::test]
async fn a_server_says_that_it_is_well_and_what_it_can() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(PROGRAM, folder.path(), &[]);
    let health = server.visitor().get("/health").await;
    assert_eq!((health.status, &health.json["status"]), (StatusCode::OK, &json!("ok")));
    assert_eq!(health.json["version"], env!("CARGO_PKG_VERSION"));
    let document = server.visitor().get("/api/openapi.json").await;
    let committed = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json")).unwrap();
    assert!(document.json == serde_json::from_slice::<Value>(&committed).unwrap(), "openapi.json is what is served");

    let taken = server.base.trim_start_matches("http://");
    let second = picturelock(&["serve", "--data", folder.path().join("other").to_str().unwrap(), "--listen", taken]);
    let said = String::from_utf8(second.stderr).unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(said.contains("cannot listen on"), "{said}");
}

#[tokio::test]
async fn a_worker_does_what_the_server_leaves_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(PROGRAM, folder.path(), &["--workers", "0"]);
    let form = json!({"studio_name": "Studio North", "name": "Olive Owner", "email": "owner@studio.example",
        "password": "four unrelated words", "sample_project": true});
    let mut owner = server.visitor();
    assert_eq!(owner.post("/api/setup", form).await.status, StatusCode::CREATED);
    assert_eq!(owner.get("/api/jobs").await.json[0]["state"], "queued");
    let arguments = ["worker", "--data", folder.path().to_str().unwrap(), "--workers", "1"];
    let mut worker = Command::new(PROGRAM).args(arguments).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    eventually("the worker has begun", async || {
        let jobs = owner.clone().get("/api/jobs").await.json;
        jobs.as_array().unwrap().iter().any(|job| job["state"] != "queued").then_some(())
    })
    .await;
    worker.kill().unwrap();
    worker.wait().unwrap();
}
