//! Ranges of a proxy, beside nginx that serves the same file.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use bytes::Bytes;
use picturelock_testkit::Person;
use reqwest::{Method, StatusCode};

use crate::machine::{children, cpu};
use crate::studio::{Studio, footage};
use crate::table::{Bar, Figure};

/// What a browser fetches of a long file at a time.
const RANGE: u64 = 4 << 20;
const TOTAL: u64 = 4 << 30;
const NGINX: &str = "/usr/sbin/nginx";

/// What serving cost: bytes a second, and CPU seconds for each gigabyte.
#[derive(Clone, Copy)]
struct Cost {
    rate: f64,
    cpu: f64,
}

pub async fn run() -> Vec<Figure> {
    if !Path::new(NGINX).is_file() {
        println!("  skipped: no nginx (apt-get install nginx-light)");
        return Vec::new();
    }
    let mut studio = Studio::open(&[]).await;
    let film = Bytes::from(std::fs::read(footage(studio.folder(), 10, 1080)).expect("footage"));
    let version = studio.upload("film.mp4", film).await;
    let ready = studio.ready(&version).await;
    let proxy = &ready["media"]["proxies"][0];
    let address = format!("{}/versions/{version}/media/{}", studio.project, proxy["name"].as_str().expect("a name"));
    let bytes = proxy["bytes"].as_u64().expect("a size");

    let whole = studio.owner.request(Method::GET, &address).send().await.expect("an answer");
    std::fs::write(studio.folder().join("proxy.mp4"), whole.bytes().await.expect("bytes")).expect("written");
    let nginx = Nginx::start(studio.folder());
    let stranger = Person::visiting(&nginx.base);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    // Turn by turn: what else the machine does falls on both.
    for _ in 0..3 {
        ours.push(fetch(&studio.owner, &address, bytes, &[studio.server.id()]).await);
        theirs.push(fetch(&stranger, "/proxy.mp4", bytes, &nginx.processes()).await);
    }
    let best = |costs: &[Cost]| Cost {
        rate: costs.iter().map(|cost| cost.rate).fold(0.0, f64::max),
        cpu: costs.iter().map(|cost| cost.cpu).fold(f64::MAX, f64::min),
    };
    let (ours, theirs) = (best(&ours), best(&theirs));
    vec![
        Figure::new("ranges of a proxy, bytes/s ÷ nginx", ours.rate / theirs.rate, "×", Bar::AtLeast(0.9)),
        Figure::new("the same, CPU/GB ÷ nginx", ours.cpu / theirs.cpu, "×", Bar::AtMost(1.3)),
        Figure::new("CPU/GB", ours.cpu, "s", Bar::None),
        Figure::new("CPU/GB of nginx", theirs.cpu, "s", Bar::None),
        Figure::new("rate", ours.rate / 1e6, "MB/s", Bar::None),
        Figure::new("rate of nginx", theirs.rate / 1e6, "MB/s", Bar::None),
    ]
}

/// Fetches ranges one after the other, as a player does.
async fn fetch(person: &Person, address: &str, bytes: u64, servers: &[u32]) -> Cost {
    let spent = || servers.iter().map(|&server| cpu(server)).sum::<f64>();
    let (before, began, mut fetched, mut at) = (spent(), Instant::now(), 0, 0);
    while fetched < TOTAL / 3 {
        let end = bytes.min(at + RANGE);
        let request = person.request(Method::GET, address).header("range", format!("bytes={at}-{}", end - 1));
        let mut answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::PARTIAL_CONTENT);
        while let Some(piece) = answer.chunk().await.expect("bytes") {
            fetched += piece.len() as u64;
        }
        at = if end == bytes { 0 } else { end };
    }
    Cost { rate: fetched as f64 / began.elapsed().as_secs_f64(), cpu: (spent() - before) * 1e9 / fetched as f64 }
}

/// An nginx of our own that serves a folder. Ends when dropped.
struct Nginx {
    base: String,
    child: Child,
}

impl Nginx {
    fn start(folder: &Path) -> Self {
        let port =
            std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let place = folder.display();
        let configuration = format!(
            "daemon off; user root; worker_processes 1; pid {place}/nginx.pid; error_log {place}/nginx.log;
             events {{ worker_connections 64; }}
             http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
                 server {{ listen 127.0.0.1:{port}; root {place}; }} }}"
        );
        let path: PathBuf = folder.join("nginx.conf");
        std::fs::write(&path, configuration).expect("written");
        let child = Command::new(NGINX).arg("-c").arg(&path).stderr(Stdio::null()).spawn().expect("nginx");
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        Self { base: format!("http://127.0.0.1:{port}"), child }
    }

    fn processes(&self) -> Vec<u32> {
        [vec![self.child.id()], children(self.child.id())].concat()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        for process in children(self.child.id()) {
            // A worker may have ended by itself.
            let _ = Command::new("kill").arg(process.to_string()).status();
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
