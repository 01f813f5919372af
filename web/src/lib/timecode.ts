/**
 * SMPTE ST 12-1 timecode: labels for frames. The same rules as the `domain` crate's `frame/timecode.rs`; both are
 * held to `timecode-cases.json`.
 *
 * Drop-frame skips labels, never frames: at 29.97 the labels ;00 and ;01 (at 59.94 ;00 to ;03) at the start of
 * every minute that is not a multiple of ten.
 */

/** Frames per second as an exact fraction. */
export interface FrameRate {
  num: number;
  den: number;
}

/** Whether labels are skipped to stay near the clock. Comes from the file or the person, never from the rate. */
export type DropFrame = 'non_drop' | 'drop';

/** Why a label cannot be read. */
export type TimecodeFault = 'form' | 'range' | 'dropped' | 'no_drop';

/** The label cannot be read or does not exist; the message is a sentence for a person. */
export class TimecodeError extends Error {
  constructor(
    readonly fault: TimecodeFault,
    message: string,
  ) {
    super(message);
    this.name = 'TimecodeError';
  }
}

/** How a rate's frames are labelled. */
export class Timecode {
  readonly #dropped: number;
  readonly #base: number;

  /** Labels at `rate`. Throws a `TimecodeError` when drop-frame is asked for at a rate that has none. */
  constructor(
    readonly rate: FrameRate,
    readonly drop: DropFrame,
  ) {
    if (drop === 'drop' && !canDrop(rate)) {
      throw new TimecodeError('no_drop', `there is no drop-frame timecode at ${rateText(rate)} frames per second`);
    }
    this.#base = nominal(rate);
    this.#dropped = drop === 'drop' ? this.#base / 15 : 0;
  }

  /** How many frames a day of labels holds; labels wrap there. */
  get framesPerDay(): number {
    return 144 * this.#framesPerTenMinutes;
  }

  /** The label of the frame `frames` after 00:00:00:00, modulo a day. */
  label(frames: number): string {
    const day = this.framesPerDay;
    const frame = ((frames % day) + day) % day;
    const number = frame + this.#labelsSkippedBefore(frame);
    const seconds = Math.floor(number / this.#base);
    const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((field) =>
      pad(field, 2),
    );
    return clock.join(':') + (this.#dropped ? ';' : ':') + pad(number % this.#base, this.#base > 100 ? 3 : 2);
  }

  /**
   * The frame that `label` names, counted from 00:00:00:00. `;`, `.` and `,` are read as `:`.
   * Throws a `TimecodeError` when the label is malformed, or no frame carries it.
   */
  parse(label: string): number {
    const text = label.trim();
    const parts = text.split(/[:;.,]/);
    if (parts.length !== 4 || !parts.every((part) => /^[0-9]{1,3}$/.test(part))) {
      throw new TimecodeError('form', `“${[...label].slice(0, 40).join('')}” is not a timecode; write HH:MM:SS:FF`);
    }
    const [hours, minutes, seconds, frame] = parts.map(Number) as [number, number, number, number];
    if (hours > 23 || minutes > 59 || seconds > 59 || frame >= this.#base) {
      throw new TimecodeError('range', `“${text}” does not exist at ${rateText(this.rate)} frames per second`);
    }
    if (seconds === 0 && frame < this.#dropped && minutes % 10 !== 0) {
      throw new TimecodeError('dropped', `“${text}” does not exist: drop-frame timecode skips it`);
    }
    const minute = hours * 60 + minutes;
    return (minute * 60 + seconds) * this.#base + frame - this.#dropped * (minute - Math.floor(minute / 10));
  }

  get #framesPerTenMinutes(): number {
    return 600 * this.#base - 9 * this.#dropped;
  }

  #labelsSkippedBefore(frames: number): number {
    if (!this.#dropped) return 0;
    const perMinute = 60 * this.#base - this.#dropped;
    const tens = Math.floor(frames / this.#framesPerTenMinutes);
    const rest = frames % this.#framesPerTenMinutes;
    return this.#dropped * (9 * tens + Math.floor(Math.max(0, rest - this.#dropped) / perMinute));
  }
}

/** The whole number that timecode counts by: 24 for 23.976, 30 for 29.97. */
export function nominal(rate: FrameRate): number {
  return Math.floor((rate.num + Math.floor(rate.den / 2)) / rate.den);
}

/** Whether drop-frame timecode exists at this rate: multiples of 30000/1001 only (SMPTE ST 12-1). */
export function canDrop(rate: FrameRate): boolean {
  return rate.den === 1001 && rate.num % 30000 === 0;
}

/** The rate as people write it: 24, 23.976, 59.94. */
export function rateText(rate: FrameRate): string {
  return String(Math.round((rate.num * 1000) / rate.den) / 1000);
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
