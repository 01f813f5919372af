"""Reads exports with parsers of other projects and compares what they find with the manifest.

Usage: judges.py MANIFEST. Prints a line for each judge and rate; exits 1 when any of them disagrees.
"""

import csv
import json
import sys
import tempfile
from fractions import Fraction
from xml.etree import ElementTree

import opentimelineio as otio
import timecode
from MCMarkerMaker import AvidMarkerList


class Disagreement(Exception):
    """What a judge found differs from what was exported."""


def expect(found, wanted, what):
    if found != wanted:
        raise Disagreement(f"{what}: found {found!r}, wanted {wanted!r}")


def whole(time, rate):
    """Frames of an OTIO time, which must be at the rate."""
    if abs(time.rate - float(rate)) > 1e-3:
        raise Disagreement(f"rate {time.rate}, wanted {float(rate)}")
    if time.value != int(time.value):
        raise Disagreement(f"{time.value} is no whole frame")
    return int(time.value)


def compare_starts(markers, case, rate):
    expect(len(markers), len(case["markers"]), "number of markers")
    for marker, wanted in zip(markers, case["markers"]):
        expect(whole(marker.marked_range.start_time, rate), wanted["first"], "frame")


def judge_otio(case, rate):
    timeline = otio.adapters.read_from_file(case["files"]["otio"])
    expect(timeline.schema_name(), "Timeline", "schema")
    expect(whole(timeline.global_start_time, rate), case["start"], "start")
    compare_starts(timeline.tracks.markers, case, rate)
    for marker, wanted in zip(timeline.tracks.markers, case["markers"]):
        expect(whole(marker.marked_range.duration, rate), wanted["count"], "duration")
        expect(marker.comment.split("\n")[0], wanted["text"], "comment")
        expect(marker.metadata["picturelock"]["author"], wanted["author"], "author")
    expect(whole(timeline.duration(), rate), case["frame_count"], "duration of the programme")


def judge_cmx(case, rate):
    with open(case["files"]["edl"], encoding="utf-8") as file:
        text = file.read()
    timeline = otio.adapters.read_from_string(text, "cmx_3600", rate=float(rate))
    clips = [item for item in timeline.tracks[0] if isinstance(item, otio.schema.Clip)]
    expect(len(clips), len(case["markers"]), "number of events")
    for clip, wanted in zip(clips, case["markers"]):
        expect(whole(clip.source_range.start_time, rate), case["start"] + wanted["first"], "frame")
        expect(whole(clip.source_range.duration, rate), 1, "duration of the event")


def judge_fcp(case, rate):
    timeline = otio.adapters.read_from_file(case["files"]["xmeml"], "fcp_xml")
    compare_starts(timeline.tracks.markers, case, rate)
    for marker, wanted in zip(timeline.tracks.markers, case["markers"]):
        # A point is out = -1, which this reader turns into a duration of nothing.
        found = whole(marker.marked_range.duration, rate)
        expect(found, 0 if wanted["count"] == 1 else wanted["count"], "duration")
        comment = marker.metadata["fcp_xml"]["comment"]
        expect(comment.split("\n")[0], wanted["text"], "comment")
    expect(whole(timeline.global_start_time, rate), case["start"], "start")


def judge_fcpx(case, rate):
    """This reader truncates rates that are not whole and drops gaps, so the gap is made a clip for it.

    It also turns exact fractions into floats and cuts them: 103260/25 s at 25 becomes frame 103259. What it
    finds is therefore compared with the wanted frame put through the same arithmetic.
    """
    if rate.denominator != 1:
        return "left out: the reader truncates the rate"
    fps = float(rate)
    document = ElementTree.parse(case["files"]["fcpxml"]).getroot()
    gap = document.find(".//gap")
    gap.tag = "asset-clip"
    gap.set("ref", "r2")
    times = {name: gap.get(name) for name in ("start", "duration")}
    asset = {"id": "r2", "src": "file:///picture.mov", "hasVideo": "1", "format": "r1", **times}
    ElementTree.SubElement(document.find("resources"), "asset", asset)
    found = otio.adapters.read_from_string(ElementTree.tostring(document, encoding="unicode"), "fcpx_xml")
    clips = found[0].find_clips()
    expect(len(clips), 1, "clips")
    expect(whole(clips[0].source_range.start_time, rate), int(case["start"] / fps * fps), "start")
    expect(whole(clips[0].source_range.duration, rate), int(case["frame_count"] / fps * fps), "length")
    expect(len(clips[0].markers), len(case["markers"]), "number of markers")
    for marker, wanted in zip(clips[0].markers, case["markers"]):
        # Local time of the clip, which begins at its start.
        local = case["start"] + wanted["first"]
        expect(whole(marker.marked_range.start_time, rate), int(local / fps * fps), "frame")
        expect(whole(marker.marked_range.duration, rate), int(wanted["count"] / fps * fps), "duration")
    return "agrees, with the gap made a clip"


def judge_timecode(case, rate):
    """Labels of the EDL and of the table, by the arithmetic of another library."""
    with open(case["files"]["csv"], encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, wanted in zip(rows, case["markers"]):
        name = f"{float(rate):.2f}" if rate.denominator != 1 else str(rate.numerator)
        name = "23.976" if name == "23.98" else name
        label = timecode.Timecode(name, row["timecode in"], force_non_drop_frame=not case["drop"])
        expect(label.drop_frame, case["drop"], "drop-frame")
        expect(label.frame_number, case["start"] + wanted["first"], row["timecode in"])


def judge_csv(case, rate):
    with open(case["files"]["csv"], encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, strict=True))
    expect({len(row) for row in rows}, {len(rows[0])}, "columns")
    expect(len(rows) - 1, len(case["markers"]), "rows")
    for row, wanted in zip(rows[1:], case["markers"]):
        expect((int(row[3]), int(row[4])), (wanted["first"], wanted["first"] + wanted["count"]), "frames")
        expect(abs(float(row[5]) - float(wanted["first"] / rate)) < 1e-6, True, "seconds")
        expect(row[9].lstrip("'"), wanted["text"], "text")
        expect(any(cell[:1] in "=+-@\t\r" and cell != "" for cell in row), False, "a formula")


def judge_avid(case, rate):
    """The columns that another writer of marker text puts the same values into; it writes two columns more."""
    with open(case["files"]["avid"], encoding="utf-8") as file:
        ours = file.read().splitlines()
    expect(len(ours), len(case["markers"]), "lines")
    theirs = AvidMarkerList()
    for line in ours:
        user, label, track, colour, comment, _ = line.split("\t")
        theirs.add_marker(label, comment=comment, color=colour, track=track, user=user)
    with tempfile.NamedTemporaryFile() as file:
        expect(theirs.export_to_file(file.name)[0], True, "export")
        with open(file.name, encoding="utf-8") as written:
            lines = written.read().splitlines()
    for line, other in zip(ours, lines):
        expect(line.split("\t")[:5], other.split("\t")[:5], "columns")


JUDGES = {
    "opentimelineio": judge_otio,
    "otio-cmx3600-adapter": judge_cmx,
    "otio-fcp-adapter": judge_fcp,
    "otio-fcpx-xml-adapter": judge_fcpx,
    "timecode": judge_timecode,
    "csv": judge_csv,
    "mcmarkermaker": judge_avid,
}


def main(manifest):
    with open(manifest, encoding="utf-8") as file:
        cases = json.load(file)
    failed = False
    for case in cases:
        rate = Fraction(case["num"], case["den"])
        for name, judge in JUDGES.items():
            try:
                said = judge(case, rate) or "agrees"
            except Exception as error:  # a judge that stops is a judge that disagrees
                failed = True
                said = f"DISAGREES: {type(error).__name__}: {error}"
                print(f"{case['name']} {name} {said}", file=sys.stderr)
            print(f"{case['name']:>20}  {name:<22} {said}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
