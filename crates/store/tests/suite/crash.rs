//! The process dies at any moment: what shows under a key is whole.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

use futures::stream;
use picturelock_store::{Options, Part, Store};

use crate::place::{Place, all, content, key};

/// Names the store the child writes to.
const ROOT: &str = "PICTURELOCK_TEST_CRASH_ROOT";

const SIZE: usize = 700_000;

/// Not a test of its own: what the child does until it is killed.
#[tokio::test]
#[ignore = "run by the tests of this file as a process to kill"]
async fn writes_until_killed() {
    let Ok(root) = std::env::var(ROOT) else { return };
    let store = Store::open_with(&root, Options { reserve: 0, ..Options::default() }).expect("opens");
    for number in 0.. {
        let small = store.put_bytes(&key(&format!("put/{number}")), content(SIZE, number)).await;
        small.expect("put");
        let upload = key(&format!("parts/{number}"));
        let id = store.begin_parts(&upload).await.expect("begin");
        let mut tags = Vec::new();
        for (number_of_part, piece) in (0u32..).zip(content(SIZE, number).chunks(SIZE / 2)) {
            let part = Part {
                number: number_of_part,
                offset: u64::from(number_of_part) * (SIZE as u64 / 2),
                bytes: piece.len() as u64,
            };
            let body = stream::iter([Ok::<_, std::io::Error>(bytes::Bytes::copy_from_slice(piece))]);
            tags.push(store.write_part(&upload, &id, part, body).await.expect("write"));
        }
        store.complete_parts(&upload, &id, &tags).await.expect("complete");
        store.promote(&upload, &key(&format!("promoted/{number}"))).await.expect("promote");
    }
}

fn start(root: &Path) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "crash::writes_until_killed", "--ignored", "--nocapture"])
        .env(ROOT, root)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the child starts")
}

#[tokio::test]
async fn a_killed_process_leaves_whole_blobs_only() {
    for survivors in [1, 2, 5, 9] {
        let place = Place::local();
        let mut child = start(&place.scratch().join("store"));
        // Kill it once it has written some, wherever it is by then.
        while place.store.list(None).await.expect("list").len() < survivors {
            assert!(child.try_wait().expect("the child's state").is_none(), "the child ended by itself");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        child.kill().expect("kill");
        child.wait().expect("wait");

        let store = place.reopened();
        let found = store.list(None).await.expect("list");
        assert!(found.len() >= survivors);
        for (key, size) in found {
            let number = key.as_str().rsplit('/').next().and_then(|number| number.parse().ok()).expect("a number");
            assert_eq!(size, SIZE as u64, "{key}");
            assert_eq!(all(&store, &key).await, content(SIZE, number), "{key}");
        }
        store.sweep(SystemTime::now() + Duration::from_secs(60)).await.expect("sweep");
        for area in [".tmp", ".parts"] {
            let left = std::fs::read_dir(place.scratch().join("store").join(area)).expect("the area").count();
            assert_eq!(left, 0, "{area}");
        }
    }
}
