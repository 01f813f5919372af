//! Resumable uploads: one part at a time, over broken connections and restarts.

use std::convert::Infallible;
use std::io;

use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use picturelock_store::{Error, Key, MIN_PART_SIZE, Part, PartTag, PartsId, Store, part_size};
use tokio::sync::Notify;

use crate::place::{Place, all, content, key};

on_every_store!(
    parts_in_any_order_over_restarts_make_the_blob,
    a_broken_body_acknowledges_nothing_and_the_part_can_be_sent_again,
    a_missing_or_displaced_part_is_refused,
    a_part_sent_again_voids_its_first_tag,
    a_part_broken_while_sent_again_is_never_taken_for_whole,
    completing_is_repeatable,
    an_abort_leaves_nothing,
    no_parts_make_an_empty_blob,
    a_part_that_cannot_be_is_refused,
    a_request_given_up_does_not_block_the_next,
);

/// Three parts, the last one short.
const SIZES: [u64; 3] = [MIN_PART_SIZE, MIN_PART_SIZE, 1234];

fn part(number: u32) -> Part {
    Part { number, offset: u64::from(number) * MIN_PART_SIZE, bytes: SIZES[number as usize] }
}

fn whole() -> Bytes {
    content(SIZES.iter().sum::<u64>() as usize, 9)
}

fn bytes_of(part: Part) -> Bytes {
    whole().slice(part.offset as usize..(part.offset + part.bytes) as usize)
}

/// A body as the network brings it: in pieces of uneven size.
fn body(content: Bytes) -> impl Stream<Item = Result<Bytes, Infallible>> + Send {
    let mut pieces = Vec::new();
    let mut rest = content;
    while !rest.is_empty() {
        pieces.push(Ok(rest.split_to(rest.len().min(70_001))));
    }
    stream::iter(pieces)
}

async fn send(store: &Store, key: &Key, id: &PartsId, part: Part) -> PartTag {
    store.write_part(key, id, part, body(bytes_of(part))).await.expect("the part is written")
}

async fn send_all(store: &Store, key: &Key, id: &PartsId) -> Vec<PartTag> {
    let mut tags = Vec::new();
    for number in 0..3 {
        tags.push(send(store, key, id, part(number)).await);
    }
    tags
}

async fn parts_in_any_order_over_restarts_make_the_blob(place: &Place) {
    let key = key("uploads/1");
    let id = place.store.begin_parts(&key).await.expect("begin");
    let mut tags = Vec::new();
    for number in [2, 0, 1] {
        let store = place.reopened();
        let tag = send(&store, &key, &id, part(number)).await;
        assert_eq!((tag.number, tag.offset, tag.bytes), (number, part(number).offset, part(number).bytes));
        assert_eq!(tag.blake3, blake3::hash(&bytes_of(part(number))).to_hex().as_str());
        tags.push(tag);
        assert_eq!(place.store.size(&key).await.expect("size"), None, "nothing shows before it is complete");
        assert!(place.store.list(None).await.expect("list").is_empty());
    }
    let total = place.reopened().complete_parts(&key, &id, &tags).await.expect("complete");
    assert_eq!(total, whole().len() as u64);
    assert_eq!(all(&place.store, &key).await, whole());
}

async fn a_broken_body_acknowledges_nothing_and_the_part_can_be_sent_again(place: &Place) {
    let key = key("uploads/2");
    let id = place.store.begin_parts(&key).await.expect("begin");
    let mut tags = send_all(&place.store, &key, &id).await;
    tags.remove(1);
    let part = part(1);
    let id = &id;

    let early = body(bytes_of(part).slice(..2_000_000));
    let result = place.store.write_part(&key, id, part, early).await;
    assert!(matches!(result, Err(Error::Interrupted { received: 2_000_000, cause: None, .. })), "{result:?}");

    let cut = || Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionReset));
    let broken = body(bytes_of(part).slice(..100_000)).map(|piece| Ok(piece.expect("infallible")));
    let result = place.store.write_part(&key, id, part, broken.chain(stream::iter([cut()]))).await;
    assert!(matches!(result, Err(Error::Interrupted { received: 100_000, cause: Some(_), .. })), "{result:?}");
    assert!(result.is_err_and(|error| error.is_retryable()));

    // A checksum of the caller's own that does not fit: the error comes after the last byte.
    let checked = body(bytes_of(part)).map(|piece| Ok(piece.expect("infallible"))).chain(stream::iter([cut()]));
    assert!(matches!(place.store.write_part(&key, id, part, checked).await, Err(Error::Interrupted { .. })));

    let long = body(content(part.bytes as usize + 1, 1));
    assert!(matches!(place.store.write_part(&key, id, part, long).await, Err(Error::Refused { .. })));

    let result = place.store.complete_parts(&key, id, &tags).await;
    assert!(matches!(result, Err(Error::Refused { .. })), "{result:?}");
    tags.push(send(&place.store, &key, id, part).await);
    place.store.complete_parts(&key, id, &tags).await.expect("complete");
    assert_eq!(all(&place.store, &key).await, whole());
}

async fn a_missing_or_displaced_part_is_refused(place: &Place) {
    let key = key("uploads/3");
    let id = place.store.begin_parts(&key).await.expect("begin");
    let tags = send_all(&place.store, &key, &id).await;
    let mut displaced = tags.clone();
    displaced[2].offset += 1;
    let mut invented = tags.clone();
    invented[1].tag = blake3::hash(b"another").to_hex().to_string();
    invented[1].blake3 = invented[1].tag.clone();
    let twice = [tags[0].clone(), tags[1].clone(), tags[1].clone()].to_vec();
    for wrong in [tags[1..].to_vec(), vec![tags[0].clone(), tags[2].clone()], twice, displaced, invented] {
        let result = place.store.complete_parts(&key, &id, &wrong).await;
        assert!(matches!(result, Err(Error::Refused { .. })), "{wrong:?} {result:?}");
        assert_eq!(place.store.size(&key).await.expect("size"), None);
    }
    place.store.complete_parts(&key, &id, &tags).await.expect("the right ones still do");
    assert_eq!(all(&place.store, &key).await, whole());
}

async fn a_part_sent_again_voids_its_first_tag(place: &Place) {
    let key = key("uploads/4");
    let id = place.store.begin_parts(&key).await.expect("begin");
    let mut tags = send_all(&place.store, &key, &id).await;
    let other = content(part(2).bytes as usize, 77);
    let second = place.store.write_part(&key, &id, part(2), body(other.clone())).await.expect("again");
    assert!(matches!(place.store.complete_parts(&key, &id, &tags).await, Err(Error::Refused { .. })));
    tags[2] = second;
    place.store.complete_parts(&key, &id, &tags).await.expect("complete");
    assert_eq!(all(&place.store, &key).await.slice(part(2).offset as usize..), other);
}

async fn a_part_broken_while_sent_again_is_never_taken_for_whole(place: &Place) {
    let key = key("uploads/10");
    let id = place.store.begin_parts(&key).await.expect("begin");
    let tags = send_all(&place.store, &key, &id).await;
    let other = body(content(3_000_000, 78));
    let broken = place.store.write_part(&key, &id, part(1), other).await;
    assert!(matches!(broken, Err(Error::Interrupted { .. })), "{broken:?}");
    // A disk has lost the first content, a bucket still has it: either is well, a mixture is not.
    match place.store.complete_parts(&key, &id, &tags).await {
        Ok(_) => assert_eq!(all(&place.store, &key).await, whole()),
        Err(error) => {
            assert!(matches!(error, Error::Refused { .. }), "{error:?}");
            assert_eq!(place.store.size(&key).await.expect("size"), None);
        }
    }
}

async fn completing_is_repeatable(place: &Place) {
    let key = key("uploads/5");
    let id = place.store.begin_parts(&key).await.expect("begin");
    let tags = send_all(&place.store, &key, &id).await;
    for _ in 0..3 {
        let total = place.store.complete_parts(&key, &id, &tags).await.expect("complete");
        assert_eq!(total, whole().len() as u64);
    }
    assert_eq!(all(&place.store, &key).await, whole());
    let never = place.store.begin_parts(&key).await.expect("begin");
    place.store.abort_parts(&key, &never).await.expect("aborting another upload for the key leaves the blob");
    assert_eq!(all(&place.store, &key).await, whole());
}

async fn an_abort_leaves_nothing(place: &Place) {
    let key = key("uploads/6");
    let id = place.store.begin_parts(&key).await.expect("begin");
    let tags = send_all(&place.store, &key, &id).await;
    for _ in 0..2 {
        place.store.abort_parts(&key, &id).await.expect("abort");
    }
    assert!(place.store.list(None).await.expect("list").is_empty());
    // Which error it is, only the disk shows: the test server answers 500 where S3 says that there is no such upload.
    let late = [
        place.store.write_part(&key, &id, part(0), body(bytes_of(part(0)))).await.map(drop),
        place.store.complete_parts(&key, &id, &tags).await.map(drop),
    ];
    let on_disk = place.store.local_path(&key).is_some();
    for late in late {
        assert!(late.is_err_and(|error| !on_disk || matches!(error, Error::NotFound { .. })));
    }
    assert!(place.store.list(None).await.expect("list").is_empty());
    if let Some(path) = place.store.local_path(&key) {
        let area = path.ancestors().nth(2).expect("the root").join(".parts");
        assert_eq!(std::fs::read_dir(area).expect("the area").count(), 0);
    }
}

async fn no_parts_make_an_empty_blob(place: &Place) {
    let key = key("uploads/7");
    let id = place.store.begin_parts(&key).await.expect("begin");
    assert_eq!(place.store.complete_parts(&key, &id, &[]).await.expect("complete"), 0);
    assert_eq!(place.store.size(&key).await.expect("size"), Some(0));
}

async fn a_part_that_cannot_be_is_refused(place: &Place) {
    let key = key("uploads/8");
    let id = place.store.begin_parts(&key).await.expect("begin");
    for part in [
        Part { number: 10_000, offset: 0, bytes: 1 },
        Part { number: 0, offset: 0, bytes: 0 },
        Part { number: 0, offset: u64::MAX, bytes: 1 },
    ] {
        let result = place.store.write_part(&key, &id, part, body(content(1, 1))).await;
        assert!(matches!(result, Err(Error::Refused { .. })), "{part:?} {result:?}");
    }
    for unknown in ["../../etc", "", ".", "0123456789abcdef0123456789abcdef"] {
        let result = place.store.write_part(&key, &PartsId(unknown.into()), part(2), body(bytes_of(part(2)))).await;
        assert!(result.is_err(), "{unknown} {result:?}");
    }
}

async fn a_request_given_up_does_not_block_the_next(place: &Place) {
    let key = key("uploads/9");
    let id = place.store.begin_parts(&key).await.expect("begin");
    let waiting = Notify::new();
    let stalls = body(bytes_of(part(0)).slice(..3_000_000)).chain(
        stream::once(async {
            waiting.notify_one();
            futures::future::pending::<Result<Bytes, Infallible>>().await
        })
        .boxed(),
    );
    tokio::select! {
        result = place.store.write_part(&key, &id, part(0), stalls) => panic!("it cannot end: {result:?}"),
        () = waiting.notified() => {}
    }
    let tags = send_all(&place.store, &key, &id).await;
    place.store.complete_parts(&key, &id, &tags).await.expect("complete");
    assert_eq!(all(&place.store, &key).await, whole());
}

#[test]
fn part_sizes_stay_within_what_s3_allows() {
    const MIB: u64 = 1024 * 1024;
    assert_eq!(part_size(0), 32 * MIB);
    assert_eq!(part_size(312 * 1024 * MIB), 32 * MIB);
    assert_eq!(part_size(5 * 1024 * 1024 * MIB), 525 * MIB);
    proptest::proptest!(|(total in 0u64..50 * 1024 * 1024 * MIB)| {
        let size = part_size(total);
        proptest::prop_assert!(size >= MIN_PART_SIZE && size.is_multiple_of(MIB) && total.div_ceil(size) <= 10_000);
    });
}
