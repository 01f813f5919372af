// Clips in which every frame carries its number, made once and kept.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { outFolder, sharedFile } from './places.mjs';

/** Whether this machine can make the clips. */
export const clipsTool = sharedFile('media-tools', 'make-frame-coded-clips');

/** Names of the clips in a comma list of sets. */
export function clipNames(sets) {
  return tool(['--list', '--set', sets]).trim().split('\n');
}

/**
 * Makes the named clips, `seconds` long, and tells of each `{name, path, numbers, fps}`: `numbers[i]` is the number
 * painted in the i-th shown frame.
 */
export function makeClips(names, seconds) {
  const folder = outFolder('clips', String(seconds));
  return names.map((name) => {
    tool(['--out', folder, '--set', 'all', '--only', name, '--seconds', String(seconds), '--keep']);
    return clip(folder, name);
  });
}

/** One clip by measure: `{fps, size, gop, bframes, seconds}`. */
export function makeClip(name, { fps = '24', size = '320x180', gop = 24, bframes = 0, seconds = 4 } = {}) {
  const folder = outFolder('clips', 'single');
  const named = `${name}-${seconds}s`;
  const measures = ['--fps', fps, '--size', size, '--gop', String(gop), '--bframes', String(bframes)];
  tool(['--out', folder, '--one', named, ...measures, '--seconds', String(seconds), '--keep']);
  return clip(folder, named);
}

/** The clips of the small wrong-frame set. */
export const SMALL_SET = ['rate-23976-b3', 'rate-2997-b3', 'vfr-phone-b2', 'empty-edit-500ms'];

/** Two seconds, 48 frames: for journeys that only need a film. */
export function lightClip() {
  return makeClip('light', { seconds: 2 });
}

/** What naive seeking fails on: 24 frames a second. */
export function controlClip() {
  return makeClip('control', { fps: '24', size: '640x360', gop: 48, bframes: 3, seconds: 8 });
}

/** The numbers painted in every frame of a file, in the order they are shown; NaN for an unreadable one. */
export function numbersIn(path) {
  return tool(['--decode', path])
    .trim()
    .split('\n')
    .map((line) => Number(line.split(' ')[1]));
}

/** Positions of the key frames of a file. */
export function keyframesOf(path) {
  const args = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'packet=pts,flags', '-of', 'csv=p=0', path];
  return execFileSync('ffprobe', args, { encoding: 'utf8', maxBuffer: 1 << 26 })
    .trim()
    .split('\n')
    .map((line) => line.split(','))
    .sort((a, b) => Number(a[0]) - Number(b[0]))
    .flatMap(([, flags], index) => (flags.startsWith('K') ? [index] : []));
}

function clip(folder, name) {
  const sidecar = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
  return {
    name,
    path: join(folder, sidecar.file),
    numbers: sidecar.frames.map(([number]) => number),
    fps: sidecar.fps,
  };
}

function tool(args) {
  return execFileSync(clipsTool, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Two short cuts of real footage, for pictures that people look at; coded clips where there is none. */
export function handsomeCuts() {
  const trailer = sharedFile('media', 'video', 'sintel-trailer-720p24.mp4');
  if (!trailer) return codedCuts();
  return [14, 13].map((from, index) => {
    const path = join(outFolder('clips', 'cuts'), `brand-film-v${index + 1}.mp4`);
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-ss', String(from), '-i', trailer, '-t', '14', '-c', 'copy', path]);
    return path;
  });
}

/** Two short cuts for tests. */
export function codedCuts() {
  return [6, 8].map((seconds) => makeClip('cut', { seconds }).path);
}

/** A film of about so many megabytes: the clip with an empty box of noise after it. */
export function heavyFilm(name, megabytes) {
  const { path } = lightClip();
  const box = randomBytes(megabytes * 1_000_000);
  box.writeUInt32BE(box.length, 0);
  box.write('free', 4, 'latin1');
  const heavy = join(outFolder('clips', 'heavy'), `${name}.mp4`);
  writeFileSync(heavy, Buffer.concat([readFileSync(path), box]));
  return heavy;
}
