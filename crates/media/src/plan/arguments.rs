//! The argument list of the one ffmpeg run that makes everything.

use std::ffi::OsString;
use std::path::Path;

use super::filters::graph;
use super::{Plan, Rendition};
use crate::probe::{file_argument, input_guards};

impl Plan {
    /// Every argument for ffmpeg to make this of `input`. It runs in the output folder, so outputs are bare names;
    /// samples for peaks go to standard output, progress to standard error.
    pub fn arguments(&self, input: &Path) -> Vec<OsString> {
        let mut arguments = input_guards(self.probe.container);
        let threads = self.settings.threads.to_string();
        arguments.extend(words(&["-nostdin", "-nostats", "-progress", "pipe:2", "-y"]));
        arguments.extend(words(&["-copyts", "-threads", &threads, "-i"]));
        arguments.push(file_argument(input));
        arguments.extend(words(&["-filter_complex", &graph(self)]));
        for (index, rendition) in self.renditions.iter().enumerate() {
            arguments.extend(self.proxy(index, rendition));
        }
        let still = ["-c:v", "mjpeg", "-q:v", "4", "-fps_mode", "passthrough", "-map_metadata", "-1", "-f", "image2"];
        arguments.extend(words(&["-map", "[poster]", "-frames:v", "1", "-update", "1"]));
        arguments.extend(words(&still));
        arguments.push("file:poster.jpg".into());
        arguments.extend(words(&["-map", "[sprites]", "-start_number", "0"]));
        arguments.extend(words(&still));
        arguments.push("file:sprite-%d.jpg".into());
        if !self.probe.audio.is_empty() {
            arguments.extend(words(&["-map", "[peaks]", "-c:a", "pcm_s16le", "-f", "s16le", "pipe:1"]));
        }
        arguments
    }

    /// Options of one proxy: no B-frames and short closed groups, because browsers seek exactly in nothing else.
    fn proxy(&self, index: usize, rendition: &Rendition) -> Vec<OsString> {
        let distance = self.key_frame_distance.to_string();
        let clock = format!("{}:{}", self.time_base.num, self.time_base.den);
        let (rate, buffer) = (format!("{}k", rendition.max_kilobits), format!("{}k", 2 * rendition.max_kilobits));
        let mut arguments = words(&["-map", &format!("[v{index}]")]);
        arguments.extend(words(&["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high"]));
        arguments.extend(words(&["-crf", &self.settings.crf.to_string(), "-maxrate", &rate, "-bufsize", &buffer]));
        arguments.extend(words(&["-pix_fmt", "yuv420p", "-bf", "0", "-g", &distance, "-keyint_min", &distance]));
        arguments.extend(words(&["-sc_threshold", "0", "-flags:v", "+cgop+bitexact", "-a53cc", "0"]));
        arguments.extend(words(&["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]));
        arguments.extend(words(&["-color_range", "tv", "-fps_mode", "passthrough", "-enc_time_base", &clock]));
        if !self.probe.audio.is_empty() {
            arguments.extend(words(&["-map", &format!("[a{index}]"), "-c:a", "aac", "-b:a", "160k"]));
            arguments.extend(words(&["-flags:a", "+bitexact"]));
        }
        arguments.extend(words(&["-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"]));
        arguments.extend(words(&["-write_tmcd", "0", "-max_muxing_queue_size", "4096"]));
        arguments.extend(words(&["-video_track_timescale", &self.timescale.to_string()]));
        arguments.extend(words(&["-movflags", "+faststart", "-f", "mp4"]));
        arguments.push(format!("file:{}", rendition.name).into());
        arguments
    }
}

fn words(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}
