//! Boxes of ISO/IEC 14496-12, read by seeking: bodies are loaded only when asked for, and never unbounded.

use std::io::{Read, Seek, SeekFrom};

use super::Mp4Error;

/// Boxes that one parent may hold; films have a few, a fragmented day of video some ten thousands.
const CHILDREN_MAX: usize = 200_000;
/// The largest table that is loaded: eight bytes for each of 21 million frames.
const BODY_MAX: u64 = 176 * 1024 * 1024;

/// Where a box's body lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BoxSpan {
    pub kind: [u8; 4],
    pub start: u64,
    pub end: u64,
    /// Whether the box says that it reaches beyond its parent.
    pub is_cut: bool,
}

/// The boxes between `start` and `end`. A last box that reaches beyond `end` is cut there.
pub(super) fn boxes(file: &mut (impl Read + Seek), start: u64, end: u64) -> Result<Vec<BoxSpan>, Mp4Error> {
    let mut found = Vec::new();
    let mut at = start;
    while end.saturating_sub(at) >= 8 {
        let mut header = [0_u8; 16];
        file.seek(SeekFrom::Start(at))?;
        let length = usize::try_from((end - at).min(16)).unwrap_or(16);
        file.read_exact(&mut header[..length])?;
        let size = u32::from_be_bytes([header[0], header[1], header[2], header[3]]);
        let (size, header_length) = match size {
            // QuickTime ends a list of user data with a zero word; at the end of a file it means "the rest".
            0 => (end - at, 8),
            1 if length == 16 => (u64::from_be_bytes(long(&header)), 16),
            size => (u64::from(size), 8),
        };
        if size < header_length {
            return Err(Mp4Error::Damaged("a box is shorter than its header"));
        }
        if found.len() == CHILDREN_MAX {
            return Err(Mp4Error::Damaged("it has too many boxes"));
        }
        let stated_end = at.saturating_add(size);
        found.push(BoxSpan {
            kind: [header[4], header[5], header[6], header[7]],
            start: at + header_length,
            end: stated_end.min(end),
            is_cut: stated_end > end,
        });
        at = stated_end;
    }
    Ok(found)
}

fn long(header: &[u8; 16]) -> [u8; 8] {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&header[8..]);
    bytes
}

impl BoxSpan {
    pub fn children(&self, file: &mut (impl Read + Seek)) -> Result<Vec<Self>, Mp4Error> {
        boxes(file, self.start, self.end)
    }

    /// The whole body.
    pub fn body(&self, file: &mut (impl Read + Seek)) -> Result<Vec<u8>, Mp4Error> {
        let length = self.end.saturating_sub(self.start);
        if length > BODY_MAX {
            return Err(Mp4Error::Damaged("a table is too large"));
        }
        file.seek(SeekFrom::Start(self.start))?;
        // Grows with what is there, so that a length alone costs no memory.
        let mut body = Vec::new();
        file.take(length).read_to_end(&mut body)?;
        Ok(body)
    }
}

/// The child of `kind`, if there is one.
pub(super) fn child(children: &[BoxSpan], kind: &[u8; 4]) -> Option<BoxSpan> {
    children.iter().find(|child| &child.kind == kind).copied()
}

/// Big-endian fields of a body, in order.
pub(super) struct Fields<'a>(pub &'a [u8]);

impl Fields<'_> {
    pub fn u32(&mut self) -> Result<u32, Mp4Error> {
        let (head, rest) = self.0.split_first_chunk::<4>().ok_or(Mp4Error::Damaged("a table ends early"))?;
        self.0 = rest;
        Ok(u32::from_be_bytes(*head))
    }

    pub fn i32(&mut self) -> Result<i32, Mp4Error> {
        Ok(self.u32()?.cast_signed())
    }

    pub fn u64(&mut self) -> Result<u64, Mp4Error> {
        Ok(u64::from(self.u32()?) << 32 | u64::from(self.u32()?))
    }

    pub fn i64(&mut self) -> Result<i64, Mp4Error> {
        Ok(self.u64()?.cast_signed())
    }

    pub fn skip(&mut self, bytes: usize) -> Result<(), Mp4Error> {
        self.0 = self.0.get(bytes..).ok_or(Mp4Error::Damaged("a table ends early"))?;
        Ok(())
    }

    /// Version of a full box; its flags are skipped.
    pub fn version(&mut self) -> Result<u8, Mp4Error> {
        Ok((self.u32()? >> 24) as u8)
    }

    /// How many entries of `entry_bytes` follow; no more than there is room for.
    pub fn count(&mut self, entry_bytes: usize) -> Result<usize, Mp4Error> {
        let count = self.u32()? as usize;
        if count > self.0.len() / entry_bytes {
            return Err(Mp4Error::Damaged("a table ends early"));
        }
        Ok(count)
    }
}
