//! What only a disk can do to us: links, other files, no room, leftovers.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures::stream;
use picturelock_store::{Error, Options, Part, Store};
use tokio::sync::Notify;

use crate::place::{Place, all, content, key};

fn root(place: &Place) -> PathBuf {
    place.scratch().join("store")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

fn one(content: Bytes) -> impl futures::Stream<Item = std::io::Result<Bytes>> + Send {
    stream::iter([Ok(content)])
}

#[tokio::test]
async fn a_linked_folder_is_never_entered() {
    let place = Place::local();
    let outside = place.scratch().join("outside");
    std::fs::create_dir(&outside).expect("mkdir");
    std::fs::write(outside.join("secret"), "secret").expect("write");
    symlink(&outside, root(&place).join("a")).expect("link");
    let secret = key("a/secret");
    let store = &place.store;
    let part = Part { number: 0, offset: 0, bytes: 10 };

    assert!(matches!(store.size(&secret).await, Err(Error::Refused { .. })));
    assert!(matches!(store.read(&secret, 0..1).await, Err(Error::Refused { .. })));
    assert!(matches!(store.fetch(&secret, &place.scratch().join("out")).await, Err(Error::Refused { .. })));
    assert!(matches!(store.put_bytes(&key("a/new"), content(10, 1)).await, Err(Error::Refused { .. })));
    assert!(matches!(store.put_file(&key("a/b/new"), &outside.join("secret")).await, Err(Error::Refused { .. })));
    assert!(matches!(store.delete(&secret).await, Err(Error::Refused { .. })));
    assert!(matches!(store.delete_prefix(&key("a")).await, Err(Error::Refused { .. })));
    assert!(matches!(store.list(Some(&key("a"))).await, Err(Error::Refused { .. })));
    store.put_bytes(&key("b"), content(10, 1)).await.expect("put");
    assert!(matches!(store.promote(&key("b"), &key("a/b")).await, Err(Error::Refused { .. })));
    let id = store.begin_parts(&key("a/parts")).await.expect("begin");
    let tag = store.write_part(&key("a/parts"), &id, part, one(content(10, 1))).await.expect("write");
    assert!(matches!(store.complete_parts(&key("a/parts"), &id, &[tag]).await, Err(Error::Refused { .. })));

    assert_eq!(store.list(None).await.expect("list"), [(key("b"), 10)]);
    assert_eq!(names(&outside), ["secret"]);
}

#[tokio::test]
async fn a_linked_file_is_never_followed() {
    let place = Place::local();
    let outside = place.scratch().join("outside");
    std::fs::write(&outside, "secret").expect("write");
    let link = || symlink(&outside, root(&place).join("a")).expect("link");
    let a = key("a");
    link();
    assert!(matches!(place.store.size(&a).await, Err(Error::Refused { .. })));
    assert!(matches!(place.store.read(&a, 0..1).await, Err(Error::Refused { .. })));
    assert!(place.store.list(None).await.expect("list").is_empty());
    place.store.put_bytes(&a, content(10, 1)).await.expect("the link itself is replaced");
    assert_eq!(all(&place.store, &a).await, content(10, 1));
    place.store.delete(&a).await.expect("delete");
    link();
    place.store.delete(&a).await.expect("the link itself is removed");
    assert_eq!(std::fs::read_to_string(&outside).expect("read"), "secret");
}

/// Somebody swaps a folder for a link and back, while we write.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_swapped_for_a_link_leads_nowhere() {
    let place = Place::local();
    let (outside, stop) = (place.scratch().join("outside"), AtomicBool::new(false));
    std::fs::create_dir(&outside).expect("mkdir");
    let (folder, aside) = (root(&place).join("a"), place.scratch().join("aside"));
    let mut written = 0;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                let _ = std::fs::rename(&folder, &aside);
                let _ = symlink(&outside, &folder);
                std::thread::yield_now();
                let _ = std::fs::remove_file(&folder);
                let _ = std::fs::rename(&aside, &folder);
            }
        });
        tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(async {
                for number in 0..300 {
                    let put = place.store.put_bytes(&key(&format!("a/b/{number}")), content(10, 1)).await;
                    written += usize::from(put.is_ok());
                    let _ = place.store.delete(&key(&format!("a/b/{}", number / 2))).await;
                }
            });
        });
        stop.store(true, Ordering::Relaxed);
    });
    println!("{written} of 300 written");
    assert!(names(&outside).is_empty());
}

#[tokio::test]
async fn what_is_no_file_is_not_read() {
    let place = Place::local();
    std::fs::create_dir(root(&place).join("folder")).expect("mkdir");
    let _socket = std::os::unix::net::UnixListener::bind(root(&place).join("socket")).expect("a socket");
    assert!(matches!(place.store.read(&key("folder"), 0..1).await, Err(Error::NotFound { .. })));
    assert!(place.store.read(&key("socket"), 0..1).await.is_err());
    std::fs::write(root(&place).join("Not A Key"), "x").expect("write");
    assert!(place.store.list(None).await.expect("list").is_empty());
    place.store.put_bytes(&key("folder/a"), content(1, 1)).await.expect("put");
    assert!(matches!(place.store.put_bytes(&key("folder"), content(1, 1)).await, Err(Error::Refused { .. })));
    assert!(matches!(place.store.put_bytes(&key("folder/a/b"), content(1, 1)).await, Err(Error::Refused { .. })));
}

#[tokio::test]
async fn a_full_disk_is_refused_before_it_is_full_and_with_the_figures() {
    let place = Place::local();
    let id = place.store.begin_parts(&key("upload")).await.expect("begin");
    let space = place.store.space().expect("space").expect("on disk");
    assert!(0 < space.free && space.free <= space.total);

    let reserve = space.total;
    let address = root(&place).to_str().expect("UTF-8").to_owned();
    let full = Store::open_with(&address, Options { reserve, ..Options::default() }).expect("opens");
    let file = place.scratch().join("file");
    std::fs::write(&file, content(1000, 1)).expect("write");
    let part = Part { number: 0, offset: 0, bytes: 1000 };
    for refused in [
        full.require_space(1000),
        full.put_bytes(&key("a"), content(1000, 1)).await,
        full.put_file(&key("a"), &file).await.map(drop),
        full.write_part(&key("upload"), &id, part, one(content(1000, 1))).await.map(drop),
    ] {
        match refused {
            Err(Error::NoSpace { needed, free, reserve: kept }) => {
                assert_eq!((needed, kept), (1000, reserve));
                assert!(0 < free && free <= space.total);
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(full.list(None).await.expect("list").is_empty());
    assert!(names(&root(&place).join(".tmp")).is_empty());
    place.store.put_bytes(&key("b"), content(10, 1)).await.expect("with less in reserve");
    assert!(matches!(full.fetch(&key("b"), &place.scratch().join("out")).await, Err(Error::NoSpace { .. })));
    full.delete(&key("b")).await.expect("making room is always possible");
}

#[tokio::test]
async fn a_sweep_removes_what_was_left_and_nothing_else() {
    let place = Place::local();
    let blob = key("media/a");
    place.store.put_bytes(&blob, content(10, 1)).await.expect("put");
    let id = place.store.begin_parts(&key("upload")).await.expect("begin");
    let part = Part { number: 0, offset: 0, bytes: 1000 };
    let tag = place.store.write_part(&key("upload"), &id, part, one(content(1000, 1))).await.expect("write");
    std::fs::write(root(&place).join(".tmp/0123"), "half a file").expect("write");

    let now = SystemTime::now();
    let swept = place.store.sweep(now - Duration::from_secs(3600)).await.expect("sweep");
    assert_eq!(swept.removed, 0, "what is young stays");
    place.store.complete_parts(&key("upload"), &id, &[tag]).await.expect("complete");

    let id = place.store.begin_parts(&key("other")).await.expect("begin");
    place.store.write_part(&key("other"), &id, part, one(content(1000, 1))).await.expect("write");
    let swept = place.store.sweep(now + Duration::from_secs(3600)).await.expect("sweep");
    assert_eq!(swept.removed, 2);
    assert!(swept.bytes >= 1011, "{swept:?}");
    assert_eq!(place.store.list(None).await.expect("list"), [(blob, 10), (key("upload"), 1000)]);
    for area in [".tmp", ".parts"] {
        assert!(names(&root(&place).join(area)).is_empty(), "{area}");
    }
}

#[tokio::test]
async fn an_upload_is_for_its_key_only() {
    let place = Place::local();
    let id = place.store.begin_parts(&key("mine")).await.expect("begin");
    let part = Part { number: 0, offset: 0, bytes: 10 };
    let tag = place.store.write_part(&key("mine"), &id, part, one(content(10, 1))).await.expect("write");
    let yours = key("yours");
    assert!(matches!(place.store.write_part(&yours, &id, part, one(content(10, 1))).await, Err(Error::Refused { .. })));
    assert!(matches!(place.store.complete_parts(&yours, &id, &[tag]).await, Err(Error::Refused { .. })));
    assert!(matches!(place.store.abort_parts(&yours, &id).await, Err(Error::Refused { .. })));
}

#[tokio::test]
async fn two_requests_for_one_part_do_not_mix() {
    let place = Place::local();
    let mine = key("mine");
    let id = place.store.begin_parts(&mine).await.expect("begin");
    let part = Part { number: 0, offset: 0, bytes: 20 };
    let (waiting, go_on) = (Notify::new(), Notify::new());
    let slow = stream::iter([Ok::<_, std::io::Error>(content(10, 1))]);
    let slow = futures::StreamExt::chain(
        slow,
        futures::StreamExt::boxed(stream::once(async {
            waiting.notify_one();
            go_on.notified().await;
            Ok(content(10, 2))
        })),
    );
    let first = place.store.write_part(&mine, &id, part, slow);
    let second = async {
        waiting.notified().await;
        let second = place.reopened().write_part(&mine, &id, part, one(content(20, 3))).await;
        assert!(matches!(second, Err(Error::Busy { .. })), "{second:?}");
        let complete = place.reopened().complete_parts(&mine, &id, &[]).await;
        assert!(matches!(complete, Err(Error::Busy { .. })), "{complete:?}");
        let other = Part { number: 1, offset: 20, bytes: 5 };
        place.store.write_part(&mine, &id, other, one(content(5, 4))).await.expect("another part may be written")
    };
    let second = async {
        let tag = second.await;
        go_on.notify_one();
        tag
    };
    let (first, second) = futures::join!(first, second);
    let tags = [first.expect("the first goes on"), second];
    assert_eq!(place.store.complete_parts(&mine, &id, &tags).await.expect("complete"), 25);
    let expected = [content(10, 1), content(10, 2), content(5, 4)].concat();
    assert_eq!(all(&place.store, &mine).await, expected);
}

#[tokio::test]
async fn a_damaged_receipt_is_noticed() {
    let place = Place::local();
    let id = place.store.begin_parts(&key("a")).await.expect("begin");
    let part = Part { number: 0, offset: 0, bytes: 1000 };
    let tag = place.store.write_part(&key("a"), &id, part, one(content(1000, 1))).await.expect("write");
    let upload = root(&place).join(".parts").join(&id.0);
    let data = std::fs::OpenOptions::new().write(true).open(upload.join("data")).expect("open");
    data.set_len(500).expect("cut");
    let cut = place.store.complete_parts(&key("a"), &id, std::slice::from_ref(&tag)).await;
    assert!(matches!(cut, Err(Error::Damaged { .. })), "{cut:?}");
    std::fs::write(upload.join("00000"), "").expect("write");
    let void = place.store.complete_parts(&key("a"), &id, &[tag]).await;
    assert!(matches!(void, Err(Error::Refused { .. })), "{void:?}");
}
