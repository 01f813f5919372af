//! A short generated programme for the first project: landscapes with cuts and sound, in two versions.
//!
//! Nothing is read: each layer is one picture computed from a formula, which then moves.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::run::{Collected, Job, Limits, Tool, run};
use crate::sandbox::Reach;
use crate::{MediaError, Tools};

const RATE: u32 = 24;

/// Which of the two versions of the sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SampleCut {
    /// The first: 20 seconds, five shots.
    First,
    /// The second: the third shot is a second shorter, the fourth is warmer, the last holds longer.
    Second,
}

/// Red, green and blue.
type Colour = (u8, u8, u8);

struct Shot {
    frames: u32,
    sky: (Colour, Colour),
    light: Light,
    ridges: [Ridge; 3],
    /// Of the chord under it, in hertz.
    root: f64,
}

/// Sun or moon: where it starts and how far it moves, in pixels per second.
struct Light {
    colour: Colour,
    radius: u32,
    from: (i32, i32),
    speed: (i32, i32),
}

/// A line of hills, waves or roofs, and how fast it passes.
struct Ridge {
    colour: Colour,
    outline: Outline,
    /// Height of its middle, in thousandths of the picture from above.
    level: u32,
    /// Pixels per second to the left.
    speed: u32,
}

#[derive(Clone, Copy)]
enum Outline {
    Hills,
    Waves,
    Roofs,
}

/// Writes the sample as an H.264 MP4 of 1280 × 720 at 24 frames per second to `out`.
///
/// # Errors
/// When the tools fail or the work is cancelled; then nothing is written.
pub async fn generate_sample(
    tools: &Tools,
    cut: SampleCut,
    out: &Path,
    cancel: &CancellationToken,
) -> Result<(), MediaError> {
    let out = std::path::absolute(out)?;
    let folder = out.parent().ok_or_else(|| std::io::Error::other("no folder to write into"))?;
    let private = tempfile::Builder::new().prefix(".sample-").tempdir_in(folder)?;
    let job = Job {
        tool: Tool::Ffmpeg,
        arguments: arguments(&shots(cut)),
        folder: private.path().to_owned(),
        reach: Reach { read: vec![], write: Some(private.path().to_owned()) },
        limits: Limits { wall: Duration::from_secs(1800), file_bytes: 256 << 20 },
    };
    let finished = run(tools, job, Collected { bytes: Vec::new(), limit: 0 }, |_| {}, cancel).await?;
    if !finished.success {
        return Err(MediaError::Failed { tool: "ffmpeg", detail: finished.messages.join("\n") });
    }
    Ok(tokio::fs::rename(private.path().join("sample.mp4"), out).await?)
}

fn arguments(shots: &[Shot]) -> Vec<OsString> {
    let graph = graph(shots);
    let input = ["-hide_banner", "-loglevel", "level+error", "-nostdin", "-nostats", "-y", "-filter_complex", &graph];
    let picture = ["-map", "[v]", "-c:v", "libx264", "-preset", "veryfast", "-crf", "19", "-pix_fmt", "yuv420p"];
    let colours = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"];
    let sound = ["-map", "[a]", "-c:a", "aac", "-b:a", "160k", "-timecode", "01:00:00:00"];
    let file = ["-fflags", "+bitexact", "-movflags", "+faststart", "-f", "mp4", "file:sample.mp4"];
    input.iter().chain(&picture).chain(&colours).chain(&sound).chain(&file).map(OsString::from).collect()
}

fn graph(shots: &[Shot]) -> String {
    let mut graph = String::new();
    let mut joined = String::new();
    for (index, shot) in shots.iter().enumerate() {
        add_shot(&mut graph, index, shot);
        let _ = write!(joined, "[v{index}][a{index}]");
    }
    let count = shots.len();
    // A little grain hides the steps of smooth skies.
    let finish = "noise=c0s=3:c0f=t,format=yuv420p";
    let _ = write!(graph, "{joined}concat=n={count}:v=1:a=1[joined][a];[joined]{finish}[v]");
    graph
}

fn add_shot(graph: &mut String, index: usize, shot: &Shot) {
    // Computed once, in RGB and at half size for speed, then moved in the form that is encoded.
    let hold = |form: &str| {
        let frames = shot.frames;
        format!(
            "scale=2*iw:2*ih:out_color_matrix=bt709:out_range=tv,format={form},\
             loop=-1:1:0,trim=end_frame={frames},setpts=N/{RATE}/TB"
        )
    };
    let (ground, layer_hold) = (hold("yuv420p"), hold("yuva420p"));
    let ((r0, g0, b0), (r1, g1, b1)) = shot.sky;
    let sky = |from: u8, to: u8| format!("{from}+({to}-{from})*pow(Y/H,0.8)");
    let _ = write!(
        graph,
        "color=black:s=640x360:r={RATE},trim=end_frame=1,format=rgba,geq=r='{}':g='{}':b='{}',{ground}[k{index}];",
        sky(r0, r1),
        sky(g0, g1),
        sky(b0, b1)
    );
    let light = &shot.light;
    let (r, g, b) = light.colour;
    let size = light.radius * 3;
    let distance = format!("2*hypot(X-{0},Y-{0})/{1}", size / 2, light.radius);
    // A disc with a soft edge, and a glow to three radii.
    let alpha = format!("255*clip((1-{distance})*{}+0.5,0,1)+90*pow(clip(1-{distance}/3,0,1),2)", light.radius);
    let _ = write!(
        graph,
        "color=black:s={size}x{size}:r={RATE},trim=end_frame=1,format=rgba,\
         geq=r={r}:g={g}:b={b}:a='clip({alpha},0,255)',{layer_hold}[l{index}];\
         [k{index}][l{index}]overlay=x='{}+{}*t':y='{}+{}*t':format=yuv420[s{index}_0];",
        light.from.0, light.speed.0, light.from.1, light.speed.1
    );
    for (layer, ridge) in shot.ridges.iter().enumerate() {
        let (r, g, b) = ridge.colour;
        let top = ridge.outline.height(ridge.level, (index * 3 + layer) as f64 * 1.7);
        let next = if layer + 1 == shot.ridges.len() { format!("v{index}") } else { format!("s{index}_{}", layer + 1) };
        let _ = write!(
            graph,
            "color=black:s=960x360:r={RATE},trim=end_frame=1,format=rgba,geq=r='{r}*(1.15-0.3*Y/H)':\
             g='{g}*(1.15-0.3*Y/H)':b='{b}*(1.15-0.3*Y/H)':a='255*clip((Y*2-({top}))/2+0.5,0,1)',{layer_hold}[h{index}_{layer}];\
             [s{index}_{layer}][h{index}_{layer}]overlay=x='-{}*t':y=0:format=yuv420[{next}];",
            ridge.speed
        );
    }
    add_sound(graph, index, shot);
}

/// A major chord that breathes, and a bell that marks the cut.
fn add_sound(graph: &mut String, index: usize, shot: &Shot) {
    let seconds = f64::from(shot.frames) / f64::from(RATE);
    let tone = |factor: f64, side: f64| {
        let hertz = shot.root * factor;
        format!("sin(2*PI*{hertz:.3}*t)*(0.75+0.25*sin(2*PI*0.3*t+{side:.1}+{factor:.2}))")
    };
    let channel = |side: f64| {
        let chord = [1.0, 1.25, 1.5, 2.0].map(|factor| tone(factor, side)).join("+");
        format!("0.06*({chord})+0.16*exp(-5*t)*sin(2*PI*{:.3}*t)", shot.root * 4.0)
    };
    let _ = write!(
        graph,
        "aevalsrc='{}|{}':s=48000:d={seconds:.6},afade=t=in:d=0.02,afade=t=out:st={:.6}:d=0.1[a{index}];",
        channel(0.0),
        channel(1.6),
        seconds - 0.1
    );
}

impl Outline {
    /// Where the ridge begins at `X`, as an expression; `X` counts pairs of pixels.
    fn height(self, level: u32, phase: f64) -> String {
        let middle = f64::from(level) * 0.72;
        match self {
            Self::Hills => {
                format!("{middle}+46*sin(X/105+{phase:.1})+24*sin(X/48.5+{phase:.1}*2)+7*sin(X/15.5+{phase:.1})")
            }
            Self::Waves => format!("{middle}+9*sin(X/32+{phase:.1})+5*sin(X/11.5+{phase:.1}*3)"),
            // Roofs 60 to 100 pixels wide at heights that look random and are always the same.
            Self::Roofs => format!("{middle}-150*mod(abs(sin(floor(X/40+{phase:.1})*12.9898)*43.5453),1)"),
        }
    }
}

fn shots(cut: SampleCut) -> Vec<Shot> {
    let frames = match cut {
        SampleCut::First => [108, 96, 96, 96, 84],
        SampleCut::Second => [108, 96, 72, 96, 108],
    };
    let dusk_sky = match cut {
        SampleCut::First => ((38, 44, 92), (214, 120, 120)),
        SampleCut::Second => ((60, 38, 84), (246, 148, 92)),
    };
    let ridge = |colour, outline, level, speed| Ridge { colour, outline, level, speed };
    use Outline::{Hills, Roofs, Waves};
    vec![
        Shot {
            frames: frames[0],
            sky: ((92, 148, 196), (250, 214, 170)),
            light: Light { colour: (255, 244, 214), radius: 62, from: (640, 260), speed: (0, -26) },
            ridges: [
                ridge((138, 158, 178), Hills, 560, 10),
                ridge((84, 122, 128), Hills, 700, 26),
                ridge((40, 78, 76), Hills, 850, 60),
            ],
            root: 196.0,
        },
        Shot {
            frames: frames[1],
            sky: ((42, 82, 134), (176, 216, 224)),
            light: Light { colour: (255, 255, 246), radius: 40, from: (160, 10), speed: (8, 0) },
            ridges: [
                ridge((58, 128, 158), Waves, 600, 22),
                ridge((34, 98, 136), Waves, 700, 48),
                ridge((18, 66, 104), Waves, 830, 96),
            ],
            root: 220.0,
        },
        Shot {
            frames: frames[2],
            sky: ((108, 118, 168), (248, 196, 152)),
            light: Light { colour: (255, 226, 170), radius: 90, from: (120, 120), speed: (0, 8) },
            ridges: [
                ridge((146, 126, 152), Roofs, 700, 14),
                ridge((96, 84, 122), Roofs, 800, 34),
                ridge((48, 44, 78), Roofs, 920, 78),
            ],
            root: 174.61,
        },
        Shot {
            frames: frames[3],
            sky: dusk_sky,
            light: Light { colour: (255, 196, 140), radius: 74, from: (560, 150), speed: (0, 22) },
            ridges: [
                ridge((126, 84, 116), Hills, 600, 8),
                ridge((82, 54, 92), Waves, 760, 30),
                ridge((36, 28, 58), Hills, 900, 66),
            ],
            root: 164.81,
        },
        Shot {
            frames: frames[4],
            sky: ((8, 12, 34), (44, 62, 108)),
            light: Light { colour: (232, 238, 255), radius: 48, from: (700, -20), speed: (-6, 4) },
            ridges: [
                ridge((38, 52, 88), Hills, 620, 6),
                ridge((24, 34, 62), Roofs, 860, 16),
                ridge((10, 16, 32), Hills, 920, 36),
            ],
            root: 146.83,
        },
    ]
}
