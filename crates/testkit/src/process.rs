//! The real program as a process of its own, which can be killed.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use reqwest::StatusCode;
use serde_json::json;

use crate::Person;

const EMAIL: &str = "owner@studio.example";
const PASSWORD: &str = "four unrelated words";

/// A server in a process of its own. Killed when dropped.
pub struct Process {
    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub base: String,
    child: Child,
    program: PathBuf,
    data: PathBuf,
    arguments: Vec<String>,
}

impl Process {
    /// Starts `program serve` on the folder `data` and waits until it answers. What it logs goes to `log` in the
    /// folder.
    ///
    /// # Panics
    /// When it ends instead of answering.
    pub fn start(program: impl Into<PathBuf>, data: &Path, arguments: &[&str]) -> Self {
        let (program, data) = (program.into(), data.to_owned());
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        let (child, base) = begin(&program, &data, &arguments);
        Self { base, child, program, data, arguments }
    }

    /// Ends the process as a power cut does: without a word.
    pub fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    /// Kills it if it still runs, and starts it anew on the same data, on another port.
    pub fn restart(&mut self) {
        self.kill();
        (self.child, self.base) = begin(&self.program, &self.data, &self.arguments);
    }

    /// As [`Process::restart`], with other arguments.
    pub fn restart_with(&mut self, arguments: &[&str]) {
        self.arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        self.restart();
    }

    /// The process's number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The folder of its data.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// What it has logged since it was first started.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.data.join("log")).unwrap_or_default()
    }

    /// Somebody who is not signed in.
    pub fn visitor(&self) -> Person {
        Person::visiting(&self.base)
    }

    /// Sets the studio up; gives its owner, signed in.
    pub async fn owner(&self) -> Person {
        let mut owner = self.visitor();
        let form = json!({"studio_name": "Studio North", "name": "Olive Owner", "email": EMAIL, "password": PASSWORD,
            "sample_project": false});
        let answer = owner.post("/api/setup", form).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{:?}", answer.json);
        owner
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn begin(program: &Path, data: &Path, arguments: &Vec<String>) -> (Child, String) {
    std::fs::create_dir_all(data).expect("a folder");
    let log = std::fs::File::options().create(true).append(true).open(data.join("log")).expect("a log");
    let mut child = Command::new(program)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .args(arguments)
        .env_remove("PICTURELOCK_PUBLIC_URL")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .expect("a process");
    let output = BufReader::new(child.stdout.take().expect("its output"));
    let said = output.lines().next().and_then(Result::ok).unwrap_or_else(|| {
        let log = std::fs::read_to_string(data.join("log")).unwrap_or_default();
        panic!("the server ended: {log}")
    });
    let port = said.rsplit(':').next().expect("a port");
    (child, format!("http://127.0.0.1:{port}"))
}
