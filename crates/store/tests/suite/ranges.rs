//! Reading a part of a blob: every edge.

use futures::StreamExt;
use picturelock_store::{Error, Store};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tokio::runtime::Handle;

use crate::place::{Place, content, key};

on_every_store!(any_range_gives_its_bytes_or_a_refusal, the_edges_of_a_blob);

async fn slice(store: &Store, name: &str, start: u64, end: u64) -> Result<Vec<u8>, Error> {
    let mut stream = store.read(&key(name), start..end).await?;
    let mut found = Vec::new();
    while let Some(piece) = stream.next().await {
        found.extend_from_slice(&piece?);
    }
    Ok(found)
}

async fn any_range_gives_its_bytes_or_a_refusal(place: &Place) {
    const SIZE: u64 = 600_000;
    let content = content(SIZE as usize, 1);
    place.store.put_bytes(&key("blob"), content.clone()).await.expect("put");
    // Mostly within, sometimes reaching over the end.
    let ranges = (0..SIZE + 1000, 0..SIZE + 1000);
    let check = |(start, end): (u64, u64)| {
        let found = Handle::current().block_on(slice(&place.store, "blob", start, end));
        if start <= end && end <= SIZE {
            prop_assert_eq!(&found.expect("within")[..], &content[start as usize..end as usize]);
        } else {
            prop_assert!(matches!(found, Err(Error::OutOfRange { size: SIZE, .. })), "{:?}", found);
        }
        Ok(())
    };
    let mut runner = TestRunner::new(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() });
    tokio::task::block_in_place(|| runner.run(&ranges, check)).expect("holds for every range");
}

async fn the_edges_of_a_blob(place: &Place) {
    place.store.put_bytes(&key("ten"), content(10, 1)).await.expect("put");
    place.store.put_bytes(&key("none"), content(0, 1)).await.expect("put");
    for (name, start, end, bytes) in [
        ("ten", 0, 0, Some(0)),
        ("ten", 0, 1, Some(1)),
        ("ten", 9, 10, Some(1)),
        ("ten", 10, 10, Some(0)),
        ("ten", 0, 10, Some(10)),
        ("ten", 0, 11, None),
        ("ten", 9, 11, None),
        ("ten", 10, 11, None),
        ("ten", 11, 11, None),
        ("ten", 5, 4, None),
        ("ten", 0, u64::MAX, None),
        ("ten", u64::MAX - 1, u64::MAX, None),
        ("none", 0, 0, Some(0)),
        ("none", 0, 1, None),
    ] {
        let found = slice(&place.store, name, start, end).await;
        match bytes {
            Some(bytes) => assert_eq!(found.expect(name).len(), bytes, "{name} {start}..{end}"),
            None => assert!(matches!(found, Err(Error::OutOfRange { .. })), "{name} {start}..{end}: {found:?}"),
        }
    }
}
