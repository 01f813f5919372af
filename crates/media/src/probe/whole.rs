//! Whether a file holds all that its container promises.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::container::ebml_size;
use crate::{Container, Refused};

/// Refuses a file of which the end is missing: fewer frames than it states, or fewer bytes.
pub(super) fn refuse_cut_off(
    container: Container,
    path: &Path,
    readable: u64,
    stated_frames: Option<u64>,
) -> Result<(), Refused> {
    if let Some(expected) = stated_frames.filter(|expected| *expected > readable) {
        return Err(Refused::EndsEarly { readable, expected });
    }
    let unreadable = |error: std::io::Error| Refused::Unreadable(error.kind().to_string());
    let mut file = File::open(path).map_err(unreadable)?;
    let length = file.seek(SeekFrom::End(0)).map_err(unreadable)?;
    file.rewind().map_err(unreadable)?;
    let mut head = Vec::new();
    file.take(2048).read_to_end(&mut head).map_err(unreadable)?;
    let stated_length = match container {
        Container::Matroska | Container::WebM => segment_end(&head),
        Container::Avi => riff_end(&head),
        Container::MpegTs => {
            let packet = if head.first() == Some(&0x47) { 188 } else { 192 };
            Some(length.next_multiple_of(packet))
        }
        Container::Mov | Container::Mp4 | Container::Mxf | Container::Wav => None,
    };
    if stated_length.is_some_and(|stated| stated > length) { Err(Refused::CutOff) } else { Ok(()) }
}

/// Where the first Segment ends, if it says.
fn segment_end(head: &[u8]) -> Option<u64> {
    let (header, width) = ebml_size(head.get(4..)?)?;
    let at = usize::try_from(header).ok()?.checked_add(4 + width)?;
    let size = head.get(at..)?.strip_prefix(&[0x18, 0x53, 0x80, 0x67])?;
    let (size, width) = ebml_size(size)?;
    let unknown = (1_u64 << (7 * width)) - 1;
    (size != unknown).then_some(at as u64 + 4 + width as u64 + size)
}

/// Where the first RIFF ends. Writers that were interrupted leave 0 or all ones, which say nothing.
fn riff_end(head: &[u8]) -> Option<u64> {
    let size = u32::from_le_bytes(head.get(4..8)?.try_into().ok()?);
    (size != 0 && size != u32::MAX).then_some(u64::from(size) + 8)
}
