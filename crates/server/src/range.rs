//! Byte ranges of RFC 9110, section 14: one range of a blob.

use std::ops::Range;

/// What of a blob is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All of it: no range, or one that is to be ignored.
    Whole,
    /// These bytes, counted from 0, the end not included; never empty.
    Part(Range<u64>),
    /// Bytes the blob does not have.
    Unsatisfiable,
}

/// Reads a `Range` header for a blob of `size` bytes.
///
/// What cannot be read and what asks for several ranges is ignored, as the RFC allows.
pub fn wanted(header: &str, size: u64) -> Wanted {
    let Some((unit, set)) = header.split_once('=') else { return Wanted::Whole };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Wanted::Whole;
    }
    let Some((first, last)) = set.trim().split_once('-') else { return Wanted::Whole };
    match (position(first), position(last)) {
        (Some(Some(first)), Some(last)) => from(first, last, size),
        // The last so many bytes.
        (Some(None), Some(Some(length))) => match length.min(size) {
            0 => Wanted::Unsatisfiable,
            length => Wanted::Part(size - length..size),
        },
        _ => Wanted::Whole,
    }
}

fn from(first: u64, last: Option<u64>, size: u64) -> Wanted {
    if last.is_some_and(|last| last < first) {
        return Wanted::Whole;
    }
    if first >= size {
        return Wanted::Unsatisfiable;
    }
    let end = last.map_or(size, |last| last.saturating_add(1).min(size));
    Wanted::Part(first..end)
}

/// A number, nothing at all, or (`None`) something else.
fn position(text: &str) -> Option<Option<u64>> {
    match text {
        "" => Some(None),
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            // More digits than fit mean a place beyond every blob.
            Some(Some(digits.parse().unwrap_or(u64::MAX)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_gives_bytes_the_blob_has(header in "bytes=[0-9]{0,21}-[0-9]{0,21}|\\PC{0,40}", size in 0..1_000_u64) {
            if let Wanted::Part(range) = wanted(&header, size) {
                prop_assert!(range.start < range.end && range.end <= size);
            }
        }

        #[test]
        fn a_range_within_the_blob_is_given_exactly(first in 0..1_000_u64, more in 0..1_000_u64, rest in 1..1_000_u64) {
            let size = first + more + rest;
            let given = wanted(&format!("bytes={first}-{}", first + more), size);
            prop_assert_eq!(given, Wanted::Part(first..first + more + 1));
            prop_assert_eq!(wanted(&format!("bytes={first}-"), size), Wanted::Part(first..size));
            prop_assert_eq!(wanted(&format!("bytes=-{rest}"), size), Wanted::Part(size - rest..size));
        }
    }

    #[test]
    fn the_cases_of_the_rfc() {
        for (header, expected) in [
            ("bytes=0-499", Wanted::Part(0..500)),
            ("Bytes=500-999", Wanted::Part(500..1000)),
            ("bytes=-500", Wanted::Part(500..1000)),
            ("bytes=-5000", Wanted::Part(0..1000)),
            ("bytes=999-5000", Wanted::Part(999..1000)),
            ("bytes=0-99999999999999999999999", Wanted::Part(0..1000)),
            ("bytes=1000-", Wanted::Unsatisfiable),
            ("bytes=-0", Wanted::Unsatisfiable),
            ("bytes=99999999999999999999999-", Wanted::Unsatisfiable),
            ("bytes=5-4", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=0-0,-1", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("frames=0-1", Wanted::Whole),
            ("bytes", Wanted::Whole),
        ] {
            assert_eq!(wanted(header, 1000), expected, "{header}");
        }
        assert_eq!(wanted("bytes=0-", 0), Wanted::Unsatisfiable);
    }
}
