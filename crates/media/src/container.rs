//! Which container a file is, by its own bytes: at least two structures deep, never by its name.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use crate::Refused;

/// How much of a file's start is looked at.
const LOOK: usize = 64 * 1024;
/// ID3 tags beyond this are not skipped: no video carries one.
const ID3_MAX: u64 = 16 * 1024 * 1024;
/// The start of a partition pack's key (SMPTE ST 377-1), found within a run-in of less than 64 KiB.
const MXF_PARTITION: [u8; 11] = [0x06, 0x0e, 0x2b, 0x34, 0x02, 0x05, 0x01, 0x01, 0x0d, 0x01, 0x02];

/// The containers that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Container {
    /// QuickTime.
    Mov,
    /// MPEG-4 part 14 and its relatives.
    Mp4,
    /// Matroska.
    Matroska,
    /// WebM.
    WebM,
    /// SMPTE ST 377-1.
    Mxf,
    /// RIFF AVI.
    Avi,
    /// MPEG-2 transport stream, plain or with four leading bytes (M2TS).
    MpegTs,
    /// RIFF WAVE, RF64 and BW64: sound only.
    Wav,
}

impl Container {
    /// The name people know it by.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mov => "QuickTime",
            Self::Mp4 => "MP4",
            Self::Matroska => "Matroska",
            Self::WebM => "WebM",
            Self::Mxf => "MXF",
            Self::Avi => "AVI",
            Self::MpegTs => "MPEG-TS",
            Self::Wav => "WAVE",
        }
    }

    /// The only demuxer that may open it.
    pub(crate) const fn demuxer(self) -> &'static str {
        match self {
            Self::Mov | Self::Mp4 => "mov",
            Self::Matroska | Self::WebM => "matroska",
            Self::Mxf => "mxf",
            Self::Avi => "avi",
            Self::MpegTs => "mpegts",
            Self::Wav => "wav",
        }
    }

    /// What ffmpeg calls that demuxer in an allow-list.
    pub(crate) const fn demuxer_names(self) -> &'static str {
        match self {
            Self::Mov | Self::Mp4 => "mov,mp4,m4a,3gp,3g2,mj2",
            Self::Matroska | Self::WebM => "matroska,webm",
            Self::Mxf => "mxf",
            Self::Avi => "avi",
            Self::MpegTs => "mpegts",
            Self::Wav => "wav",
        }
    }
}

/// Which container the file at `path` is.
///
/// # Errors
/// When it is none that is taken; playlists, texts and stills are told apart for the person's sake.
pub fn recognise(path: &Path) -> Result<Container, Refused> {
    let unreadable = |error: io::Error| Refused::Unreadable(error.kind().to_string());
    let mut file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(Refused::Unreadable("it is not a file".to_owned()));
    }
    let mut head = read_head(&mut file, 0).map_err(unreadable)?;
    if let Some(length) = id3_length(&head) {
        head = read_head(&mut file, length).map_err(unreadable)?;
    }
    recognise_bytes(&head, metadata.len())
}

fn read_head(file: &mut File, from: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(from))?;
    let mut head = Vec::with_capacity(LOOK);
    file.take(LOOK as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// Length of the ID3v2 tag that `head` begins with, by its syncsafe size.
fn id3_length(head: &[u8]) -> Option<u64> {
    let size = head.strip_prefix(b"ID3")?.get(3..7)?;
    if size.iter().any(|byte| byte & 0x80 != 0) {
        return None;
    }
    let length = size.iter().fold(0_u64, |sum, byte| sum << 7 | u64::from(*byte)) + 10;
    (length <= ID3_MAX).then_some(length)
}

fn recognise_bytes(head: &[u8], file_length: u64) -> Result<Container, Refused> {
    if head.is_empty() {
        return Err(Refused::Empty);
    }
    let media = iso_base_media(head, file_length)
        .or_else(|| matroska(head))
        .or_else(|| riff(head))
        .or_else(|| mxf(head))
        .or_else(|| transport_stream(head));
    match media {
        Some(container) => Ok(container),
        None if is_still(head) => Err(Refused::StillPicture),
        None => Err(refused_text(head).unwrap_or(Refused::Unknown)),
    }
}

/// `ftyp` with a sane next box, or (old QuickTime) one of its top-level boxes with a sane next.
fn iso_base_media(head: &[u8], file_length: u64) -> Option<Container> {
    const TOP: [&[u8; 4]; 12] =
        [b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"uuid", b"moof", b"sidx", b"styp", b"meta", b"pdin"];
    let (kind, length) = box_header(head)?;
    let is_brand = &kind == b"ftyp";
    if is_brand && !(16..=4096).contains(&length) || !is_brand && !TOP[..6].contains(&&kind) {
        return None;
    }
    let brand: [u8; 4] = head.get(8..12)?.try_into().ok()?;
    if is_brand && matches!(&brand, b"heic" | b"heix" | b"mif1" | b"msf1" | b"avif" | b"avis" | b"crx ") {
        return None;
    }
    let container = if !is_brand || &brand == b"qt  " { Container::Mov } else { Container::Mp4 };
    match usize::try_from(length).ok().and_then(|length| head.get(length..)).filter(|rest| !rest.is_empty()) {
        Some(rest) => {
            let (next, _) = box_header(rest)?;
            TOP.contains(&&next).then_some(container)
        }
        // The first box reaches beyond what is looked at: it must at least fit the file, or say "to the end".
        None => (!is_brand && (length == 0 || length <= file_length)).then_some(container),
    }
}

/// Type and whole length of the box that `bytes` begin with; 0 means "to the end of the file".
fn box_header(bytes: &[u8]) -> Option<([u8; 4], u64)> {
    let size = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?);
    let kind = bytes.get(4..8)?.try_into().ok()?;
    let length = match size {
        0 => 0,
        1 => u64::from_be_bytes(bytes.get(8..16)?.try_into().ok()?),
        2..8 => return None,
        size => u64::from(size),
    };
    Some((kind, length))
}

/// An EBML header with the DocType of Matroska or WebM, then a Segment.
fn matroska(head: &[u8]) -> Option<Container> {
    let body = head.strip_prefix(&[0x1a, 0x45, 0xdf, 0xa3])?;
    let (length, width) = ebml_size(body)?;
    let length = usize::try_from(length).ok().filter(|length| *length <= 1024)?;
    let header = body.get(width..width + length)?;
    let after = body.get(width + length..)?;
    if !after.starts_with(&[0x18, 0x53, 0x80, 0x67]) && !after.starts_with(&[0xec]) {
        return None;
    }
    let at = header.windows(2).position(|id| id == [0x42, 0x82])?;
    let (size, width) = ebml_size(header.get(at + 2..)?)?;
    let kind = header.get(at + 2 + width..)?.get(..usize::try_from(size).ok()?)?;
    match kind {
        b"matroska" => Some(Container::Matroska),
        b"webm" => Some(Container::WebM),
        _ => None,
    }
}

/// An EBML variable-length size and how many bytes it takes.
pub(crate) fn ebml_size(bytes: &[u8]) -> Option<(u64, usize)> {
    let first = *bytes.first()?;
    let width = first.leading_zeros() as usize + 1;
    if width > 8 {
        return None;
    }
    let mask = 0xff_u16 >> width;
    let start = u64::from(u16::from(first) & mask);
    let size = bytes.get(1..width)?.iter().fold(start, |sum, byte| sum << 8 | u64::from(*byte));
    Some((size, width))
}

fn riff(head: &[u8]) -> Option<Container> {
    let next = head.get(12..16)?;
    match (head.get(..4)?, head.get(8..12)?) {
        (b"RIFF", b"AVI ") if next == b"LIST" || next == b"JUNK" => Some(Container::Avi),
        (b"RIFF" | b"RF64" | b"BW64", b"WAVE") if next.iter().all(|byte| (0x20..0x7f).contains(byte)) => {
            Some(Container::Wav)
        }
        _ => None,
    }
}

/// A header partition pack within the run-in, with a BER length and major version 1 after it.
fn mxf(head: &[u8]) -> Option<Container> {
    let at = head.windows(MXF_PARTITION.len()).position(|key| key == MXF_PARTITION)?;
    let pack = head.get(at + MXF_PARTITION.len()..)?;
    // Key bytes 12 to 16: registry, version, header partition (2), its status, 0. Then the BER length.
    if pack.get(..3)? != [1, 1, 2] || !matches!(pack.get(3)?, 1..=4) || *pack.get(4)? != 0 {
        return None;
    }
    let length = *pack.get(5)?;
    let width = match length {
        0x81..=0x88 => 1 + usize::from(length & 0x0f),
        0x58..=0x7f => 1,
        _ => return None,
    };
    (pack.get(5 + width..5 + width + 2)? == [0, 1]).then_some(Container::Mxf)
}

/// Sync bytes at the distance of packets, with or without the four bytes of M2TS.
fn transport_stream(head: &[u8]) -> Option<Container> {
    [(188, 0), (192, 4)].into_iter().find_map(|(packet, first)| {
        let syncs = head.get(first..)?.iter().step_by(packet).take(5).collect::<Vec<_>>();
        (syncs.len() >= 3 && syncs.iter().all(|byte| **byte == 0x47)).then_some(Container::MpegTs)
    })
}

fn is_still(head: &[u8]) -> bool {
    let brand = head.get(4..12).unwrap_or_default();
    [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM", b"8BPS", b"\x76\x2f\x31\x01"]
        .iter()
        .any(|magic| head.starts_with(magic))
        || matches!(brand, b"ftypheic" | b"ftypheix" | b"ftypmif1" | b"ftypmsf1" | b"ftypavif" | b"ftypavis")
        || head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP")
}

fn refused_text(head: &[u8]) -> Option<Refused> {
    let sample = head.get(..4096.min(head.len()))?;
    let sample = sample.strip_prefix(b"\xef\xbb\xbf").unwrap_or(sample);
    let is_control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c);
    if sample.iter().any(is_control) {
        return None;
    }
    let text = String::from_utf8_lossy(sample).to_ascii_lowercase();
    let text = text.trim_start();
    let starts = ["#extm3u", "ffconcat", "v=0", "[playlist]", "<asx", "[reference]", "rtsptext"];
    let is_list = starts.iter().any(|start| text.starts_with(start)) || text.contains("<mpd") || text.contains("<smil");
    Some(if is_list { Refused::Playlist } else { Refused::Text })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn boxes(parts: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        parts
            .iter()
            .flat_map(|(kind, body)| [&(body.len() as u32 + 8).to_be_bytes()[..], *kind, *body].concat())
            .collect()
    }

    fn recognised(bytes: &[u8]) -> Result<Container, Refused> {
        recognise_bytes(bytes, bytes.len() as u64)
    }

    #[test]
    fn a_brand_needs_a_sane_next_box() {
        let good = boxes(&[(b"ftyp", b"isom\0\0\0\0mp41"), (b"moov", b"")]);
        assert_eq!(recognised(&good), Ok(Container::Mp4));
        let quicktime = boxes(&[(b"ftyp", b"qt  \0\0\0\0qt  "), (b"wide", b""), (b"mdat", b"")]);
        assert_eq!(recognised(&quicktime), Ok(Container::Mov));
        let old = boxes(&[(b"moov", b""), (b"mdat", b"")]);
        assert_eq!(recognised(&old), Ok(Container::Mov));
        let mut playlist = boxes(&[(b"ftyp", b"isom\0\0\0\0mp41")]);
        playlist.extend_from_slice(b"#EXTM3U\nfile:///etc/passwd\n");
        assert_eq!(recognised(&playlist), Err(Refused::Unknown));
    }

    #[test]
    fn lists_texts_and_stills_are_named() {
        for list in ["#EXTM3U\n", "ffconcat version 1.0\n", "\u{feff}ffconcat version 1.0", "<?xml?>\n<MPD>", "v=0\r\n"]
        {
            assert_eq!(recognised(list.as_bytes()), Err(Refused::Playlist), "{list}");
        }
        assert_eq!(recognised(b"=1+2,notes"), Err(Refused::Text));
        assert_eq!(recognised(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Err(Refused::StillPicture));
        assert_eq!(recognised(b""), Err(Refused::Empty));
        assert_eq!(recognised(&[0, 1, 2, 3, 4, 5, 6, 7]), Err(Refused::Unknown));
    }

    #[test]
    fn transport_streams_need_three_syncs() {
        let mut stream = vec![0_u8; 188 * 4];
        for packet in stream.chunks_mut(188) {
            packet[0] = 0x47;
        }
        assert_eq!(recognised(&stream), Ok(Container::MpegTs));
        assert_eq!(recognised(&stream[..188 * 2]), Err(Refused::Unknown));
        stream[188] = 0;
        assert_eq!(recognised(&stream), Err(Refused::Unknown));
    }

    proptest! {
        #[test]
        fn any_bytes_are_recognised_or_refused(
            magic in prop::sample::select(vec![
                &b""[..], b"\0\0\0\x18ftyp", b"\0\0\0\x01mdat", b"\x1a\x45\xdf\xa3", b"RIFF", b"ID3\x04\0\0",
                b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02", b"\x47", b"II*\0",
            ]),
            rest in prop::collection::vec(any::<u8>(), 0..600),
        ) {
            let bytes = [magic, &rest].concat();
            let _ = recognised(&bytes);
            let _ = id3_length(&bytes);
        }
    }
}
