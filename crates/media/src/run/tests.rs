//! That the sandbox holds: each attempt is made by the real tool, and fails in it.

use std::net::TcpListener;

use super::*;

fn job(arguments: &[&str], reach: Reach) -> Job {
    let limits = Limits { wall: Duration::from_secs(60), file_bytes: 1 << 20 };
    let folder = reach.write.clone().unwrap_or_else(|| "/".into());
    Job { tool: Tool::Ffmpeg, arguments: arguments.iter().map(OsString::from).collect(), folder, reach, limits }
}

async fn ran(job: Job) -> Finished<Collected> {
    let tools = Tools::find().expect("ffmpeg");
    let sink = Collected { bytes: Vec::new(), limit: 1 << 20 };
    run(&tools, job, sink, |_| {}, &CancellationToken::new()).await.expect("a run")
}

fn is_confined() -> bool {
    let confined = Tools::find().expect("ffmpeg").sandbox() == Sandbox::Landlock;
    if !confined {
        println!("skipped: this kernel has no Landlock");
    }
    confined
}

#[tokio::test(flavor = "multi_thread")]
async fn a_neighbour_cannot_be_read_even_when_the_tool_is_asked_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, neighbour) = (folder.path().join("input.txt"), folder.path().join("neighbour.txt"));
    std::fs::write(&input, "one").expect("a file");
    std::fs::write(&neighbour, "two").expect("a file");
    let copies = |path: &std::path::Path| {
        let from = path.display().to_string();
        let arguments = ["-loglevel", "error", "-f", "data", "-i", &from, "-map", "0", "-c", "copy", "-f", "data", "-"];
        job(&arguments, Reach { read: vec![input.clone()], write: None })
    };
    let allowed = ran(copies(&input)).await;
    assert_eq!((allowed.success, &allowed.sink.bytes[..]), (true, &b"one"[..]), "{:?}", allowed.messages);
    if !is_confined() {
        return;
    }
    let denied = ran(copies(&neighbour)).await;
    assert!(!denied.success && denied.sink.bytes.is_empty());
    assert!(denied.messages.iter().any(|line| line.contains("Permission denied")), "{:?}", denied.messages);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_outside_the_output_folder() {
    if !is_confined() {
        return;
    }
    let (out, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let writes = |to: &std::path::Path| {
        let to = to.join("picture.jpg").display().to_string();
        let source = ["-loglevel", "error", "-y", "-f", "lavfi", "-i", "color=s=16x16", "-frames:v", "1", &to];
        job(&source, Reach { read: vec![], write: Some(out.path().to_owned()) })
    };
    assert!(ran(writes(out.path())).await.success);
    assert!(!ran(writes(other.path())).await.success);
    assert_eq!(std::fs::read_dir(other.path()).expect("a folder").count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_connection_leaves_a_run() {
    if !is_confined() {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a listener");
    let address = format!("tcp://{}", listener.local_addr().expect("an address"));
    let finished = ran(job(&["-loglevel", "error", "-f", "data", "-i", &address, "-f", "null", "-"], Reach::default()));
    let finished = finished.await;
    let denied = finished.messages.iter().any(|line| line.contains("Operation not permitted"));
    assert!(!finished.success && denied, "{:?}", finished.messages);
    assert_eq!(listener.accept().expect_err("no connection").kind(), std::io::ErrorKind::WouldBlock);
}

#[tokio::test(flavor = "multi_thread")]
async fn output_without_end_and_time_without_end_are_stopped() {
    let endless = ["-loglevel", "error", "-f", "lavfi", "-i", "anullsrc", "-f", "s16le", "-"];
    let finished = ran(job(&endless, Reach::default())).await;
    assert!(!finished.sink_content && finished.sink.bytes.len() <= 1 << 20);

    let tools = Tools::find().expect("ffmpeg");
    let mut waits = job(&["-re", "-f", "lavfi", "-i", "anullsrc", "-f", "null", "-"], Reach::default());
    waits.limits.wall = Duration::from_millis(300);
    let sink = Collected { bytes: Vec::new(), limit: 0 };
    let stopped = run(&tools, waits, sink, |_| {}, &CancellationToken::new()).await;
    assert!(matches!(stopped, Err(MediaError::TimedOut(_))), "{stopped:?}");

    let folder = tempfile::tempdir().expect("a folder");
    let large = ["-loglevel", "error", "-f", "lavfi", "-i", "anullsrc", "-f", "s16le", "file:large"];
    let finished = ran(job(&large, Reach { read: vec![], write: Some(folder.path().to_owned()) })).await;
    assert!(!finished.success);
    assert!(folder.path().join("large").metadata().expect("a file").len() <= 1 << 20);
}
