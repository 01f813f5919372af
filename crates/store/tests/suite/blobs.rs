//! Putting, getting, moving, listing and deleting whole blobs.

use std::time::SystemTime;

use bytes::Bytes;
use picturelock_store::{Error, Options, Store, Swept};

use crate::place::{Place, all, content, key};

on_every_store!(
    a_blob_comes_back_as_it_was_put,
    a_large_file_comes_back_and_hashes,
    what_is_not_there_is_not_found,
    deleting_is_repeatable_and_exact,
    a_list_is_complete_and_ordered,
    promoting_is_repeatable,
    promoting_does_not_hide_damage,
    promoting_twice_at_once_is_promoting_once,
    writers_and_deleters_of_one_folder_do_not_disturb_each_other,
    a_failed_fetch_leaves_the_file_as_it_was,
    a_probe_leaves_nothing,
    putting_what_cannot_be_read_is_refused,
);

async fn a_blob_comes_back_as_it_was_put(place: &Place) {
    let key = key("notes/1/a.png");
    for content in [content(100_000, 1), Bytes::new(), content(7, 2)] {
        place.store.put_bytes(&key, content.clone()).await.expect("put");
        assert_eq!(all(&place.reopened(), &key).await, content);
        assert_eq!(place.store.size(&key).await.expect("size"), Some(content.len() as u64));
    }
    assert!(matches!(place.store.read_bytes(&key, 6).await, Err(Error::Refused { .. })), "larger than expected");
}

async fn a_large_file_comes_back_and_hashes(place: &Place) {
    let content = content(21 * 1024 * 1024 + 13, 3);
    let (from, to) = (place.scratch().join("from.mov"), place.scratch().join("to.mov"));
    std::fs::write(&from, &content).expect("write");
    let key = key("media/ab/large.mov");
    assert_eq!(place.store.put_file(&key, &from).await.expect("put"), content.len() as u64);

    let mut seen = Vec::new();
    let hashed = place.store.hash(&key, |bytes| seen.push(bytes)).await.expect("hash");
    assert_eq!(hashed.hex(), blake3::hash(&content).to_hex().as_str());
    assert_eq!(hashed.bytes, content.len() as u64);
    assert!(seen.len() > 5 && seen.is_sorted(), "progress goes on: {seen:?}");
    assert_eq!(seen.last(), Some(&hashed.bytes));

    std::fs::write(&to, "an older, other file").expect("write");
    assert_eq!(place.store.fetch(&key, &to).await.expect("fetch"), content.len() as u64);
    assert_eq!(std::fs::read(&to).expect("read"), content);
    match place.store.local_path(&key) {
        Some(path) => assert_eq!(std::fs::read(path).expect("read in place"), content),
        None => assert!(place.store.to_string().starts_with("s3://")),
    }
}

async fn what_is_not_there_is_not_found(place: &Place) {
    place.store.put_bytes(&key("a/b"), content(10, 1)).await.expect("put");
    for absent in ["x", "a/x", "a", "x/y/z", "a/b/c"] {
        let absent = key(absent);
        assert_eq!(place.store.size(&absent).await.expect("size"), None, "{absent}");
        assert!(matches!(place.store.read(&absent, 0..1).await, Err(Error::NotFound { .. })), "{absent}");
        assert!(matches!(place.store.read(&absent, 0..0).await, Err(Error::NotFound { .. })), "{absent}");
        assert!(matches!(place.store.hash(&absent, |_| ()).await, Err(Error::NotFound { .. })), "{absent}");
        let fetched = place.store.fetch(&absent, &place.scratch().join("out")).await;
        assert!(matches!(fetched, Err(Error::NotFound { .. })), "{absent}");
        place.store.delete(&absent).await.expect("deleting what is gone");
        place.store.delete_prefix(&absent.join("deep").expect("a key")).await.expect("deleting what is gone");
        assert!(place.store.list(Some(&absent.join("deep").expect("a key"))).await.expect("list").is_empty());
    }
    assert_eq!(all(&place.store, &key("a/b")).await, content(10, 1));
}

async fn deleting_is_repeatable_and_exact(place: &Place) {
    for name in ["p/a/1", "p/a/2/3", "p/ab", "q/1"] {
        place.store.put_bytes(&key(name), content(10, 1)).await.expect("put");
    }
    for _ in 0..2 {
        place.store.delete_prefix(&key("p/a")).await.expect("delete");
        place.store.delete(&key("q/1")).await.expect("delete");
        assert_eq!(place.store.list(None).await.expect("list"), [(key("p/ab"), 10)]);
    }
    place.store.put_bytes(&key("q/1/now-a-folder"), content(3, 1)).await.expect("the emptied folder is gone");
}

async fn a_list_is_complete_and_ordered(place: &Place) {
    let names = ["a", "b/a", "b/b/c", "b/d", "b-c/x", "z.mov"];
    for (size, name) in names.iter().enumerate() {
        place.store.put_bytes(&key(name), content(size, 1)).await.expect("put");
    }
    let mut expected: Vec<_> = names.iter().zip(0u64..).map(|(name, size)| (key(name), size)).collect();
    expected.sort();
    assert_eq!(place.store.list(None).await.expect("list"), expected);
    let below: Vec<_> = expected.into_iter().filter(|(key, _)| key.as_str().starts_with("b/")).collect();
    assert_eq!(place.store.list(Some(&key("b"))).await.expect("list"), below);
}

async fn promoting_is_repeatable(place: &Place) {
    let (from, to) = (key("uploads/u1/file"), key("media/ab/abc"));
    place.store.put_bytes(&from, content(1000, 1)).await.expect("put");
    for attempt in 0..3 {
        assert_eq!(place.store.promote(&from, &to).await.expect("promote"), 1000, "attempt {attempt}");
        assert_eq!(place.store.list(None).await.expect("list"), [(to.clone(), 1000)]);
    }
    // The same content uploaded a second time: only the copy goes.
    place.store.put_bytes(&from, content(1000, 1)).await.expect("put");
    assert_eq!(place.store.promote(&from, &to).await.expect("promote"), 1000);
    assert_eq!(place.store.list(None).await.expect("list"), [(to.clone(), 1000)]);
    assert_eq!(all(&place.store, &to).await, content(1000, 1));
}

async fn promoting_does_not_hide_damage(place: &Place) {
    let (from, to) = (key("uploads/u1"), key("media/abc"));
    assert!(matches!(place.store.promote(&from, &to).await, Err(Error::NotFound { .. })));
    place.store.put_bytes(&from, content(1000, 1)).await.expect("put");
    place.store.put_bytes(&to, content(999, 1)).await.expect("put");
    assert!(matches!(place.store.promote(&from, &to).await, Err(Error::Damaged { .. })));
    assert!(matches!(place.store.promote(&from, &from).await, Err(Error::Refused { .. })));
    assert_eq!(all(&place.store, &from).await, content(1000, 1), "the good one stays");
}

async fn promoting_twice_at_once_is_promoting_once(place: &Place) {
    for round in 0..10 {
        let (from, to) = (key(&format!("uploads/{round}/file")), key(&format!("media/{round}/file")));
        place.store.put_bytes(&from, content(1000, round)).await.expect("put");
        let both = futures::join!(place.store.promote(&from, &to), place.store.promote(&from, &to));
        // A bucket may answer one of them that the original is gone: asking again finds the work done.
        let local = place.store.local_path(&to).is_some();
        assert!(both.0.is_ok() || both.1.is_ok());
        assert!(!local || (both.0.is_ok() && both.1.is_ok()), "{both:?}");
        assert_eq!(place.store.promote(&from, &to).await.expect("again"), 1000);
        assert_eq!(all(&place.store, &to).await, content(1000, round));
    }
}

/// A folder goes with its last file, just when the next file is to come into it.
async fn writers_and_deleters_of_one_folder_do_not_disturb_each_other(place: &Place) {
    let write = |writer: u64| async move {
        for _ in 0..25 {
            let mine = key(&format!("shared/folder/{writer}"));
            place.store.put_bytes(&mine, content(100, writer)).await.expect("put");
            assert_eq!(all(&place.store, &mine).await, content(100, writer));
            place.store.delete(&mine).await.expect("delete");
        }
    };
    futures::future::join_all((0..4).map(write)).await;
    assert!(place.store.list(None).await.expect("list").is_empty());
}

async fn a_failed_fetch_leaves_the_file_as_it_was(place: &Place) {
    let out = place.scratch().join("out.mov");
    std::fs::write(&out, "mine").expect("write");
    assert!(place.store.fetch(&key("absent"), &out).await.is_err());
    assert_eq!(std::fs::read_to_string(&out).expect("read"), "mine");
    place.store.put_bytes(&key("a"), content(10, 1)).await.expect("put");
    let nowhere = place.store.fetch(&key("a"), &place.scratch().join("no/such/folder/out")).await;
    assert!(nowhere.is_err());
}

async fn a_probe_leaves_nothing(place: &Place) {
    place.store.probe().await.expect("the store works");
    assert!(place.store.list(None).await.expect("list").is_empty());
    assert_eq!(place.store.sweep(SystemTime::now()).await.expect("sweep"), Swept::default());
}

async fn putting_what_cannot_be_read_is_refused(place: &Place) {
    for path in [place.scratch().join("absent"), place.scratch().to_owned()] {
        assert!(matches!(place.store.put_file(&key("a"), &path).await, Err(Error::Refused { .. })), "{path:?}");
    }
    assert!(place.store.list(None).await.expect("list").is_empty());
}

#[test]
fn an_address_that_is_not_understood_is_refused() {
    for address in ["http://example.org/", "ftp://x", "file://elsewhere/dir", "s3://", "s3://bucket?secret=x"] {
        assert!(matches!(Store::open_with(address, Options::default()), Err(Error::Refused { .. })), "{address}");
    }
}

#[tokio::test]
async fn a_folder_may_be_given_as_an_address() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let address = format!("file://{}/with%20space", folder.path().display());
    let store = Store::open_with(&address, Options { reserve: 0, ..Options::default() }).expect("opens");
    store.put_bytes(&key("a"), content(10, 1)).await.expect("put");
    assert!(folder.path().join("with space/a").is_file());
}
