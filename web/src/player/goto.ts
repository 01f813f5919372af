import { TimecodeError } from '../lib/timecode';
import type { FrameLabels } from './labels';

/** What was typed does not name a frame of this version; the message is a sentence for a person. */
export class GoToError extends Error {}

/**
 * The frame that `text` names, seen from the frame `now`: a timecode (leading fields may be left out), a frame
 * number, or a step from here as `+10`, `-5` or `-00:00:02:00`. Throws a `GoToError` otherwise.
 */
export function frameNamed(text: string, now: number, labels: FrameLabels): number {
  const typed = text.trim().replace(/^[−–]/, '-');
  const [, sign, rest] = /^([+-]?)\s*(.*)$/.exec(typed)!;
  if (!rest) throw new GoToError('Write a timecode, a frame number, or a step such as +10.');
  const frames = /^\d+$/.test(rest!) ? Number(rest) : null;
  if (sign) {
    const distance = frames ?? distanceOf(rest!, labels);
    return labels.table.clamp(now + (sign === '-' ? -distance : distance));
  }
  if (frames !== null) {
    if (frames > labels.table.last) throw new GoToError(`The last frame is ${labels.table.last}.`);
    return frames;
  }
  const frame = read(() => labels.frameOf(whole(rest!)));
  if (frame === null) {
    throw new GoToError(`This version runs from ${labels.of(0)} to ${labels.of(labels.table.last)}.`);
  }
  return frame;
}

function distanceOf(text: string, labels: FrameLabels): number {
  return read(() => labels.timecode.parse(whole(text)));
}

/** Fills left-out leading fields with zeros: `29:06` is `00:00:29:06`. */
function whole(text: string): string {
  const missing = 4 - text.split(/[:;.,]/).length;
  return missing > 0 ? '00:'.repeat(missing) + text : text;
}

function read<T>(from: () => T): T {
  try {
    return from();
  } catch (error) {
    if (!(error instanceof TimecodeError)) throw error;
    throw new GoToError(error.message.charAt(0).toUpperCase() + error.message.slice(1) + '.');
  }
}
