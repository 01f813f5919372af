//! Names that must never reach a disk or a bucket.

use picturelock_store::{Error, Key};
use proptest::prelude::*;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as DataError, StrDeserializer};

use crate::place::Place;

#[test]
fn hostile_names_are_refused() {
    let long = "a".repeat(201);
    let deep = ["a"; 300].join("/");
    for name in [
        "",
        "/",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "../a",
        "a/..",
        "a/../b",
        "a/./b",
        ".tmp/a",
        ".parts/x/data",
        "a/.b",
        "a.",
        "a/b.",
        "A",
        "a/Ä",
        "ä",
        "a\u{301}",
        "a b",
        "a\tb",
        "a\nb",
        "a\0",
        "\0",
        "a\\b",
        "..\\a",
        "c:",
        "c:/a",
        "a:b",
        "a*",
        "a?",
        "a|b",
        "a\"b",
        "<a>",
        "~",
        "~/a",
        "$HOME",
        "%2e%2e/a",
        "a%2fb",
        "a\u{202e}b",
        "a\u{feff}",
        "\u{2024}\u{2024}/a",
        "\u{ff0e}\u{ff0e}/a",
        "a\u{2215}b",
        "a\u{200d}",
        "K",
        "ſ",
        "&",
        "a;b",
        "a'b",
        "a`b",
        &long,
        &deep,
    ] {
        assert!(matches!(Key::new(name), Err(Error::Refused { .. })), "{name:?}");
    }
    assert!(Key::new("a/b").expect("a key").join("../c").is_err());
    assert!(deserialized("a/../b").is_err(), "nor do they come in with stored data");
    assert_eq!(deserialized("a/b").expect("a key"), Key::new("a/b").expect("a key"));
}

fn deserialized(text: &str) -> Result<Key, String> {
    let text: StrDeserializer<'_, DataError> = text.into_deserializer();
    Key::deserialize(text).map_err(|error| error.to_string())
}

proptest! {
    #[test]
    fn what_is_a_key_stays_beneath_the_root(name in "[a-zA-Z0-9._/\\\\\\-\u{0}\u{e9} ]{0,30}") {
        if let Ok(key) = Key::new(&name) {
            let place = Place::local();
            let root = place.scratch().join("store");
            let path = place.store.local_path(&key).expect("on disk");
            prop_assert!(path.starts_with(root.canonicalize().expect("the root")));
            prop_assert!(path.components().all(|part| !matches!(part, std::path::Component::ParentDir)));
            prop_assert_eq!(key.as_str(), name.as_str());
            prop_assert!(!name.starts_with('.') && !name.contains("/."));
        }
    }
}
