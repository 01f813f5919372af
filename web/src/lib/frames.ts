/** The frame table: when each frame of a version is shown. Counterpart of the `domain` crate's `frame/table.rs`. */

/** A frame table as the server sends it: ticks of `num`/`den` seconds, runs of `[delta, count]`. */
export interface FrameTableWire {
  time_base: { num: number; den: number };
  runs: [delta: number, count: number][];
}

/**
 * How far a reported time may lie before the frame it means. Browsers cut times to microseconds and land just
 * before a frame's start; "last entry not after t + 2 ms" was never wrong where "nearest" was wrong in 37 %.
 */
const TOLERANCE_SECONDS = 0.002;

interface Run {
  firstFrame: number;
  firstTick: number;
  delta: number;
}

/** When each frame is shown. Frames are integers from 0; times are seconds from the first frame. */
export class FrameTable {
  /** How many frames there are, at least one. */
  readonly length: number;
  readonly #runs: Run[] = [];
  readonly #ticks: number;
  readonly #secondsPerTick: number;
  readonly #timeBase: FrameTableWire['time_base'];

  /** A table from its wire form. Throws when it holds no frame or a frame without duration. */
  constructor(wire: FrameTableWire) {
    let frames = 0;
    let ticks = 0;
    for (const [delta, count] of wire.runs) {
      if (count === 0) continue;
      if (!(delta > 0) || !(count > 0)) throw new RangeError(`frame ${frames} has no duration`);
      this.#runs.push({ firstFrame: frames, firstTick: ticks, delta });
      frames += count;
      ticks += delta * count;
    }
    if (frames === 0) throw new RangeError('there are no frames');
    this.length = frames;
    this.#ticks = ticks;
    this.#timeBase = wire.time_base;
    this.#secondsPerTick = wire.time_base.num / wire.time_base.den;
  }

  /** The last frame. */
  get last(): number {
    return this.length - 1;
  }

  /** Seconds from the first frame's start to the last one's end. */
  get duration(): number {
    return this.#ticks * this.#secondsPerTick;
  }

  /** `frame` brought into the table, whole. */
  clamp(frame: number): number {
    return Math.min(this.last, Math.max(0, Math.round(frame)));
  }

  /** When `frame` begins, in seconds. */
  start(frame: number): number {
    return this.#tick(frame) * this.#secondsPerTick;
  }

  /** How long `frame` is shown, in seconds. */
  durationOf(frame: number): number {
    return this.#runOfFrame(frame).delta * this.#secondsPerTick;
  }

  /**
   * The time inside `frame` to seek to, in seconds: its middle, or the given part of it. The last frame counts as
   * long as the one before it, since its own length is the least certain figure of a file.
   */
  inside(frame: number, part = 0.5): number {
    const measured = frame === this.last && frame > 0 ? frame - 1 : frame;
    return this.start(frame) + Math.min(this.durationOf(measured), this.durationOf(frame)) * part;
  }

  /** The frame on screen at `seconds`: the last that begins no later than 2 ms after it. */
  frameAt(seconds: number): number {
    const tick = (seconds + TOLERANCE_SECONDS) / this.#secondsPerTick;
    const run = lastWhere(this.#runs, (candidate) => candidate.firstTick <= tick) ?? this.#runs[0]!;
    return this.clamp(run.firstFrame + Math.floor((tick - run.firstTick) / run.delta));
  }

  /**
   * Where `frame` falls on the steady grid of `rate` by its time, with half a tick of tolerance for rounded time
   * stamps. The frame after the last has a place too. Whole numbers below 2^53, so the same as the server's.
   */
  gridPosition(frame: number, rate: { num: number; den: number }): number {
    const tick = frame >= this.length ? this.#ticks : this.#tick(frame);
    const { num, den } = this.#timeBase;
    return Math.floor(((2 * tick + 1) * num * rate.num) / (2 * den * rate.den));
  }

  #tick(frame: number): number {
    const run = this.#runOfFrame(frame);
    return run.firstTick + (frame - run.firstFrame) * run.delta;
  }

  #runOfFrame(frame: number): Run {
    return lastWhere(this.#runs, (candidate) => candidate.firstFrame <= frame) ?? this.#runs[0]!;
  }
}

/** The last element of a list sorted so that `holds` is true for a prefix of it. */
export function lastWhere<T>(sorted: readonly T[], holds: (item: T) => boolean): T | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(sorted[middle]!)) low = middle + 1;
    else high = middle;
  }
  return sorted[low - 1];
}
