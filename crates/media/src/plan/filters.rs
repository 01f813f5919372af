//! The filter graph: one decode, one conversion of colours and size, then what each output needs.

use picturelock_domain::frame::RateClass;

use super::{PEAK_RATE, Plan, Rendition, SOUND_RATE};
use crate::{ColourKind, Probe};

/// The whole graph. Outputs: `v0`, `v1`… for the proxies, `poster`, `sprites`; with sound `a0`, `a1`… and `peaks`.
pub(super) fn graph(plan: &Plan) -> String {
    let mut chains = vec![picture_head(plan)];
    for (index, rendition) in plan.renditions.iter().enumerate() {
        // The first has its size already.
        let size = if index == 0 { "null".to_owned() } else { scale(rendition) };
        chains.push(format!("[p{index}]{size}[v{index}]"));
    }
    chains.push(format!("[pp]select='eq(n,{})',{TO_JPEG}[poster]", plan.poster_frame));
    let sprites = &plan.sprites;
    chains.push(format!(
        "[ps]select='not(mod(n,{}))',scale={}:{}:flags=area,tile={}x{},{TO_JPEG}[sprites]",
        sprites.every, sprites.tile_width, sprites.tile_height, sprites.columns, sprites.rows
    ));
    chains.extend(sound(plan));
    chains.join(";")
}

const TO_JPEG: &str = "scale=in_range=tv:out_range=pc:in_color_matrix=bt709:out_color_matrix=bt601,format=yuvj420p";

/// Decoded frames to the largest rendition: times, fields, colours, size. ffmpeg has turned them upright.
fn picture_head(plan: &Plan) -> String {
    let probe = &plan.probe;
    let mut steps = Vec::new();
    if probe.interlaced {
        steps.push("bwdif=mode=send_frame:deint=interlaced".to_owned());
    }
    steps.push(format!("settb={}/{}", plan.time_base.num, plan.time_base.den));
    steps.push(match plan.class() {
        RateClass::Constant => "setpts=N".to_owned(),
        RateClass::Variable => "setpts=PTS-STARTPTS".to_owned(),
    });
    let largest = &plan.renditions[0];
    steps.push(to_bt709(probe, largest));
    steps.push("setsar=1".to_owned());
    let count = plan.renditions.len();
    let pads: String = (0..count).map(|index| format!("[p{index}]")).collect();
    format!("[0:{}]{},split={}{pads}[pp][ps]", probe.video_index, steps.join(","), count + 2)
}

fn scale(rendition: &Rendition) -> String {
    format!("scale={}:{}:flags=bicubic,setsar=1", rendition.width, rendition.height)
}

/// Size and colours in one step: 8-bit 4:2:0 BT.709, limited range.
fn to_bt709(probe: &Probe, size: &Rendition) -> String {
    let (width, height) = (size.width, size.height);
    let is_rgb = ["rgb", "bgr", "gbr", "argb", "abgr"].iter().any(|start| probe.pixel_format.starts_with(start));
    let matrix = if is_rgb { "gbr" } else { "2020_ncl" };
    // zscale sends the picture through linear light; unlike the plain scaler it knows primaries and transfer.
    let tone_mapped = |transfer: &str| {
        format!(
            "zscale=w={width}:h={height}:pin=2020:tin={transfer}:min={matrix}:t=linear:npl=100,format=gbrpf32le,\
             zscale=p=709,tonemap=tonemap=hable:desat=0,zscale=t=709:m=709:r=limited,format=yuv420p"
        )
    };
    match probe.colour {
        ColourKind::Pq => tone_mapped("smpte2084"),
        ColourKind::Hlg => tone_mapped("arib-std-b67"),
        ColourKind::Wide => format!(
            "zscale=w={width}:h={height}:pin=2020:tin=709:min={matrix}:p=709:t=709:m=709:r=limited,format=yuv420p"
        ),
        ColourKind::Standard => {
            let small = probe.coded_width < 1280 && probe.coded_height <= 576;
            let assumed = if small { "bt601" } else { "bt709" };
            let matrix = match probe.colour_matrix.as_deref() {
                Some("bt2020nc" | "bt2020c") => "bt2020",
                Some(stated) => stated,
                None => assumed,
            };
            format!(
                "scale={width}:{height}:flags=bicubic:in_color_matrix={matrix}:out_color_matrix=bt709:out_range=tv,\
                 format=yuv420p"
            )
        }
    }
}

/// Sound on the picture's clock: moved by as much as the picture is, its gaps filled, cut where the picture ends.
fn sound(plan: &Plan) -> Vec<String> {
    let probe = &plan.probe;
    let Some(first) = probe.audio.first() else { return Vec::new() };
    let base = probe.source.time_base();
    let on_clock = |index: u32| {
        format!(
            "[0:{index}]asetpts='PTS-({}*{}/{})/TB',aresample={SOUND_RATE}:async=1:first_pts=0",
            probe.source.first_tick, base.num, base.den
        )
    };
    // Recorders write left and right as two tracks of one channel each.
    let second = probe.audio.get(1).filter(|second| first.channels == 1 && second.channels == 1);
    let mut chains = Vec::new();
    let start = match second {
        Some(second) => {
            chains.push(format!("{}[left]", on_clock(first.index)));
            chains.push(format!("{}[right]", on_clock(second.index)));
            "[left][right]join=inputs=2:channel_layout=stereo".to_owned()
        }
        None => on_clock(first.index),
    };
    let count = plan.renditions.len();
    let pads: String = (0..count).map(|index| format!("[a{index}]")).collect();
    chains.push(format!(
        "{start},atrim=end_sample={},aformat=sample_fmts=fltp:channel_layouts=stereo|mono,asetpts=N/SR/TB,\
         asplit={}{pads}[ap]",
        plan.sound_samples(),
        count + 1
    ));
    chains.push(format!("[ap]aresample={PEAK_RATE},aformat=sample_fmts=s16:channel_layouts=mono[peaks]"));
    chains
}
