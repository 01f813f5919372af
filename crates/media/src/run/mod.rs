//! One confined run of a media tool: limits, a process group of its own, and its end in every case.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Resource, Rlimit, Signal, WaitId, WaitIdOptions};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::sandbox::{Reach, Sandbox, restrict_thread};
use crate::{MediaError, Tools};

/// The most of a tool's messages that is kept, and the longest line.
const KEPT_LINES: usize = 60;
const LINE_MAX: u64 = 4096;
const GIGABYTE: u64 = 1 << 30;

/// Which tool.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Tool {
    Ffmpeg,
    Ffprobe,
}

/// What to run and how far it may go.
#[derive(Debug)]
pub(crate) struct Job {
    pub tool: Tool,
    pub arguments: Vec<OsString>,
    /// Where it runs, so that the names it writes are names only; the root folder when it writes nothing.
    pub folder: PathBuf,
    pub reach: Reach,
    pub limits: Limits,
}

/// Hard limits of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Time by the clock on the wall.
    pub wall: Duration,
    /// Largest file it may write.
    pub file_bytes: u64,
}

/// Takes what the tool writes to its standard output, as it comes.
pub(crate) trait Sink: Send + 'static {
    /// Takes the next bytes; `false` ends the run.
    fn take(&mut self, bytes: &[u8]) -> bool;
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Finished<S> {
    pub success: bool,
    /// The last messages, oldest first.
    pub messages: Vec<String>,
    pub sink: S,
    /// Whether the sink took everything.
    pub sink_content: bool,
}

/// Output up to a limit.
#[derive(Debug)]
pub(crate) struct Collected {
    pub bytes: Vec<u8>,
    pub limit: usize,
}

impl Sink for Collected {
    fn take(&mut self, bytes: &[u8]) -> bool {
        let fits = self.bytes.len() + bytes.len() <= self.limit;
        if fits {
            self.bytes.extend_from_slice(bytes);
        }
        fits
    }
}

impl Tool {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Ffmpeg => "ffmpeg",
            Self::Ffprobe => "ffprobe",
        }
    }
}

/// Runs `job` to its end. `on_line` sees each line of the tool's messages.
///
/// # Errors
/// When it cannot start or be confined, runs out of time, or is cancelled; never because it failed itself.
pub(crate) async fn run<S: Sink>(
    tools: &Tools,
    job: Job,
    sink: S,
    mut on_line: impl FnMut(&str),
    cancel: &CancellationToken,
) -> Result<Finished<S>, MediaError> {
    let (tool, wall) = (job.tool, job.limits.wall);
    let failed = |detail: String| MediaError::Failed { tool: tool.name(), detail };
    if cancel.is_cancelled() {
        return Err(MediaError::Cancelled);
    }
    let group = Group::default();
    let on_drop = KillOnDrop(group.clone());
    let (line_sender, mut lines) = mpsc::channel(64);
    let (sink_sender, sink_receiver) = oneshot::channel();
    let (exit_sender, exit_receiver) = oneshot::channel();
    let guardian = Guardian { group: group.clone(), expected: tools.sandbox(), line_sender, sink, sink_sender };
    let command = command(tools, &job);
    std::thread::Builder::new()
        .name(format!("run {}", tool.name()))
        .spawn(move || drop(exit_sender.send(guardian.watch(command, &job))))?;

    let deadline = tokio::time::sleep(wall);
    tokio::pin!(deadline);
    let mut messages = VecDeque::new();
    let mut stopped = None;
    loop {
        tokio::select! {
            line = lines.recv() => match line {
                Some(line) => {
                    on_line(&line);
                    if !is_progress(&line) {
                        messages.push_back(line);
                        if messages.len() > KEPT_LINES {
                            messages.pop_front();
                        }
                    }
                }
                None => break,
            },
            () = cancel.cancelled(), if stopped.is_none() => {
                stopped = Some(MediaError::Cancelled);
                group.kill();
            }
            () = &mut deadline, if stopped.is_none() => {
                stopped = Some(MediaError::TimedOut(wall));
                group.kill();
            }
        }
    }
    let exit = exit_receiver.await.map_err(|_| failed("its thread ended".to_owned()))?;
    drop(on_drop);
    if let Some(error) = stopped {
        return Err(error);
    }
    let status = exit.map_err(failed)?;
    let (sink, sink_content) = sink_receiver.await.map_err(|_| failed("its output was lost".to_owned()))?;
    Ok(Finished { success: status.success(), messages: messages.into(), sink, sink_content })
}

/// `key=value` lines of `-progress`, which are not messages.
fn is_progress(line: &str) -> bool {
    line.split_once('=').is_some_and(|(key, _)| {
        !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    })
}

fn command(tools: &Tools, job: &Job) -> Command {
    let program: PathBuf = match job.tool {
        Tool::Ffmpeg => tools.ffmpeg().to_owned(),
        Tool::Ffprobe => tools.ffprobe().to_owned(),
    };
    // The kernel ends the tool when the thread that watches it ends, also when this process is killed.
    let mut command = match tools.setpriv() {
        Some(setpriv) => {
            let mut command = Command::new(setpriv);
            command.args(["--pdeathsig", "KILL", "--"]).arg(program);
            command
        }
        None => Command::new(program),
    };
    command
        .args(&job.arguments)
        .env_clear()
        .env("LC_ALL", "C")
        .env("HOME", "/nonexistent")
        .current_dir(&job.folder)
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A process group that can be killed for as long as its leader has not been reaped.
#[derive(Clone, Default)]
struct Group(Arc<Mutex<Option<Pid>>>);

impl Group {
    fn set(&self, leader: Option<Pid>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = leader;
    }

    fn kill(&self) {
        let leader = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(leader) = *leader {
            // It may have ended just now: then there is nothing left to kill.
            let _ = rustix::process::kill_process_group(leader, Signal::KILL);
        }
    }
}

/// Kills the group when the future that runs the tool is dropped.
struct KillOnDrop(Group);

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        self.0.kill();
    }
}

/// The thread that sees a tool from its start to its end.
struct Guardian<S> {
    group: Group,
    expected: Sandbox,
    line_sender: mpsc::Sender<String>,
    sink: S,
    sink_sender: oneshot::Sender<(S, bool)>,
}

impl<S: Sink> Guardian<S> {
    fn watch(self, command: Command, job: &Job) -> Result<ExitStatus, String> {
        let expected = self.expected;
        let (started_sender, started) = std::sync::mpsc::channel();
        let (ended, ended_receiver) = std::sync::mpsc::channel::<()>();
        std::thread::scope(|scope| {
            // A thread of its own gives up its rights for good. It stays until the tool has ended, because the
            // kernel takes the end of the thread that started a process for the end of its parent.
            scope.spawn(move || {
                drop(started_sender.send(start_confined(command, &job.reach, expected)));
                let _ = ended_receiver.recv();
            });
            let child = started.recv().map_err(|error| error.to_string())??;
            let status = self.see_to_its_end(child, &job.limits);
            drop(ended);
            status
        })
    }

    fn see_to_its_end(self, mut child: Child, limits: &Limits) -> Result<ExitStatus, String> {
        let pid = Pid::from_child(&child);
        let group = self.group.clone();
        group.set(Some(pid));
        let limited = limit(pid, limits).map_err(|error| format!("it cannot be limited: {error}"));
        if limited.is_err() {
            group.kill();
        }
        self.attend(&mut child, pid);
        group.set(None);
        let status = child.wait().map_err(|error| error.to_string());
        limited.and(status)
    }

    /// Reads both outputs until the leader has ended, then ends what is left of its group. The leader stays
    /// unreaped for so long, so that its number cannot come to mean another group.
    fn attend(self, child: &mut Child, pid: Pid) {
        let Self { group, line_sender, sink, sink_sender, .. } = self;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let sink_group = group.clone();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                // The receiver is gone when the run was cancelled; then nobody wants the output.
                drop(sink_sender.send(drain(stdout, sink, &sink_group)));
            });
            scope.spawn(move || forward_lines(stderr, &line_sender));
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            while matches!(rustix::process::waitid(WaitId::Pid(pid), options), Err(rustix::io::Errno::INTR)) {}
            group.kill();
        });
    }
}

fn start_confined(mut command: Command, reach: &Reach, expected: Sandbox) -> Result<Child, String> {
    match (expected, restrict_thread(reach)) {
        (Sandbox::None, _) | (Sandbox::Landlock, Ok(Sandbox::Landlock)) => {}
        (Sandbox::Landlock, Ok(Sandbox::None)) => return Err("the sandbox is gone".to_owned()),
        (Sandbox::Landlock, Err(error)) => return Err(error.to_string()),
    }
    // Below interactive work; on Linux this is a property of the thread, and inherited.
    let _ = rustix::process::setpriority_process(None, 10);
    command.spawn().map_err(|error| format!("it does not start: {error}"))
}

fn drain<S: Sink>(stdout: Option<ChildStdout>, mut sink: S, group: &Group) -> (S, bool) {
    let Some(mut stdout) = stdout else { return (sink, true) };
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match stdout.read(&mut buffer) {
            Ok(0) => return (sink, true),
            Ok(count) if sink.take(&buffer[..count]) => {}
            Ok(_) => {
                group.kill();
                return (sink, false);
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return (sink, false),
        }
    }
}

fn forward_lines(stderr: Option<ChildStderr>, lines: &mpsc::Sender<String>) {
    let Some(stderr) = stderr else { return };
    let mut reader = BufReader::new(stderr);
    let mut line = Vec::new();
    loop {
        line.clear();
        match reader.by_ref().take(LINE_MAX).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {
                let text = String::from_utf8_lossy(&line);
                // Without a receiver the tool is being killed; reading on lets it end.
                let _ = lines.blocking_send(text.trim_end().to_owned());
            }
        }
    }
}

fn limit(pid: Pid, limits: &Limits) -> rustix::io::Result<()> {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    for (resource, most) in [
        (Resource::Cpu, limits.wall.as_secs().saturating_mul(cores).saturating_add(1)),
        (Resource::Data, 4 * GIGABYTE),
        (Resource::Fsize, limits.file_bytes),
        (Resource::Nofile, 64),
        (Resource::Core, 0),
    ] {
        match rustix::process::prlimit(Some(pid), resource, Rlimit { current: Some(most), maximum: Some(most) }) {
            // It has ended already.
            Ok(_) | Err(rustix::io::Errno::SRCH) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
