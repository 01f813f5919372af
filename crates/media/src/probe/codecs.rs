//! The decoders that may run, and what people call them.

/// Decoders of pictures, by ffmpeg's names.
pub(crate) const PICTURE_DECODERS: &str = "h264,hevc,prores,dnxhd,mpeg1video,mpeg2video,mpeg4,h263,mjpeg,vp8,vp9,\
libdav1d,libaom-av1,av1,theora,vc1,wmv3,dvvideo,ffv1,huffyuv,ffvhuff,utvideo,magicyuv,cfhd,qtrle,hap,jpeg2000,png,\
rawvideo,v210,v308,v408,v410,r210,r10k,svq3";

/// Decoders of sound, by ffmpeg's names.
pub(crate) const AUDIO_DECODERS: &str = "aac,ac3,eac3,mp2,mp2float,mp3,mp3float,alac,flac,opus,libopus,vorbis,dca,\
truehd,s302m,wmav2,adpcm_ima_qt,adpcm_ms,pcm_alaw,pcm_mulaw,pcm_bluray,pcm_dvd,pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,\
pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be,pcm_s16le_planar,pcm_s24le_planar,\
pcm_s32le_planar";

/// Whether a picture coded so may be decoded.
pub(super) fn picture_is_taken(codec: &str) -> bool {
    PICTURE_DECODERS.split(',').any(|known| known == codec)
}

/// Whether sound coded so may be decoded.
pub(super) fn sound_is_taken(codec: &str) -> bool {
    AUDIO_DECODERS.split(',').any(|known| known == codec)
}

/// A picture codec as people write it, with its profile where that is part of the name.
pub(super) fn picture_name(codec: &str, profile: Option<&str>) -> String {
    match (codec, profile) {
        ("prores", Some("Proxy")) => "ProRes 422 Proxy",
        ("prores", Some("LT")) => "ProRes 422 LT",
        ("prores", Some("HQ")) => "ProRes 422 HQ",
        ("prores", Some("4444")) => "ProRes 4444",
        ("prores", Some("XQ")) => "ProRes 4444 XQ",
        ("prores", _) => "ProRes 422",
        ("dnxhd", Some(profile)) if profile.starts_with("DNXHR") => return profile.replacen("DNXHR", "DNxHR", 1),
        ("dnxhd", _) => "DNxHD",
        ("h264", _) => "H.264",
        ("hevc", _) => "HEVC",
        ("av1", _) => "AV1",
        ("vp8", _) => "VP8",
        ("vp9", _) => "VP9",
        ("mpeg2video", _) => "MPEG-2",
        ("mpeg1video", _) => "MPEG-1",
        ("mpeg4", _) => "MPEG-4",
        ("cfhd", _) => "CineForm",
        ("mjpeg", _) => "Motion JPEG",
        ("jpeg2000", _) => "JPEG 2000",
        ("dvvideo", _) => "DV",
        ("rawvideo" | "v210" | "r210" | "v410" | "v408" | "v308" | "r10k", _) => "uncompressed",
        (other, _) => return other.to_uppercase(),
    }
    .to_owned()
}

/// A sound codec as people write it.
pub(super) fn sound_name(codec: &str) -> String {
    match codec {
        pcm if pcm.starts_with("pcm_") || pcm == "s302m" => "PCM".to_owned(),
        "opus" => "Opus".to_owned(),
        "vorbis" => "Vorbis".to_owned(),
        "mp2" | "mp3" | "aac" | "flac" | "alac" | "ac3" => codec.to_uppercase(),
        "eac3" => "E-AC-3".to_owned(),
        other => other.to_uppercase(),
    }
}
