//! OpenTimelineIO JSON: markers on the stack of tracks, in frames from the first.
//!
//! What the schema has no field for is kept under `metadata.picturelock`.

use std::io;

use picturelock_domain::frame::{DropFrame, FrameRate};
use serde_json::{Value, json};

use crate::place::{Placed, Timeline};
use crate::text;

pub(crate) fn write(timeline: &Timeline<'_>) -> io::Result<Vec<u8>> {
    let sheet = timeline.sheet;
    let rate = sheet.rate;
    let gap = item("Gap.1", "", json!({ "source_range": range(0, timeline.length(), rate) }));
    let track = item("Track.1", "V1", json!({ "children": [gap], "kind": "Video" }));
    let markers: Vec<Value> = timeline.markers.iter().map(|placed| marker(placed, rate)).collect();
    let document = json!({
        "OTIO_SCHEMA": "Timeline.1",
        "name": text::one_line(&format!("{} {}", sheet.title, sheet.version_label)),
        "global_start_time": time(timeline.absolute(0), rate),
        "metadata": { "picturelock": {
            "project": text::one_line(&sheet.project),
            "title": text::one_line(&sheet.title),
            "version": text::one_line(&sheet.version_label),
            "start_timecode": timeline.label(0),
            "drop_frame": sheet.start.drop_frame == DropFrame::Drop,
            "rate": { "num": rate.num(), "den": rate.den() },
            "rate_class": sheet.class,
            "frame_count": sheet.frame_count,
        } },
        "tracks": item("Stack.1", "tracks", json!({ "markers": markers, "children": [track] })),
    });
    let mut bytes = serde_json::to_vec_pretty(&document)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn marker(placed: &Placed<'_>, rate: FrameRate) -> Value {
    let marker = placed.marker;
    let reply =
        |reply: &crate::Reply| json!({ "author": text::one_line(&reply.author), "text": text::clean(&reply.text) });
    json!({
        "OTIO_SCHEMA": "Marker.2",
        "name": text::one_line(&marker.author),
        "color": placed.colour.otio(),
        "marked_range": range(placed.first, placed.count(), rate),
        "comment": placed.note(),
        "metadata": { "picturelock": {
            "id": text::one_line(&marker.id),
            "author": text::one_line(&marker.author),
            "text": text::clean(&marker.text),
            "kind": marker.kind,
            "status": marker.status,
            "audience": marker.audience,
            "replies": marker.replies.iter().map(reply).collect::<Vec<_>>(),
            "drawing": marker.drawing,
            "link": placed.link,
            "created_at": marker.created_at,
            "frames": { "first": marker.range.first(), "last": marker.range.last() },
            "remark": placed.remark,
        } },
    })
}

/// An item of a composition: the fields every item has, and `own` ones.
fn item(schema: &str, name: &str, own: Value) -> Value {
    let mut item = json!({
        "OTIO_SCHEMA": schema,
        "name": name,
        "metadata": {},
        "source_range": null,
        "effects": [],
        "markers": [],
        "enabled": true,
    });
    if let (Value::Object(fields), Value::Object(own)) = (&mut item, own) {
        fields.extend(own);
    }
    item
}

fn range(start: i64, duration: i64, rate: FrameRate) -> Value {
    json!({ "OTIO_SCHEMA": "TimeRange.1", "start_time": time(start, rate), "duration": time(duration, rate) })
}

fn time(value: i64, rate: FrameRate) -> Value {
    let per_second = f64::from(rate.num()) / f64::from(rate.den());
    json!({ "OTIO_SCHEMA": "RationalTime.1", "rate": per_second, "value": value as f64 })
}
