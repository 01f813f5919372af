import type { Footage } from '../api/types';
import { FrameTable } from '../lib/frames';
import { canDrop, Timecode, type FrameRate } from '../lib/timecode';

/** A version's own names for its frames: timecode from its start timecode, seconds from its table. */
export class FrameLabels {
  readonly timecode: Timecode;
  readonly #start: number;
  readonly #variable: boolean;
  readonly #rate: FrameRate;

  constructor(
    footage: Pick<Footage, 'frame_rate' | 'rate_class' | 'start_timecode'>,
    readonly table: FrameTable,
  ) {
    const drop = canDrop(footage.frame_rate) ? footage.start_timecode?.drop_frame : undefined;
    this.timecode = new Timecode(footage.frame_rate, drop ?? 'non_drop');
    this.#start = footage.start_timecode?.frames ?? 0;
    this.#variable = footage.rate_class === 'variable';
    this.#rate = footage.frame_rate;
  }

  /** The timecode of `frame`; the frame after the last has one too, as the end of a range. */
  of(frame: number): string {
    return this.timecode.label(this.#start + this.#position(frame));
  }

  /** The frame that carries `label`, or the last one before it where the rate is variable. Null outside the version. */
  frameOf(label: string): number | null {
    const day = this.timecode.framesPerDay;
    const position = (this.timecode.parse(label) - this.#start + day) % day;
    if (!this.#variable) return position < this.table.length ? position : null;
    if (position > this.#position(this.table.last)) return null;
    let frame = Math.max(0, this.table.frameAt((position * this.#rate.den) / this.#rate.num) - 1);
    while (frame < this.table.last && this.#position(frame + 1) <= position) frame += 1;
    return frame;
  }

  /** How long the clock time from the first frame to the start of `frame` is: `1:02.120`. */
  clock(frame: number): string {
    const seconds = frame >= this.table.length ? this.table.duration : this.table.start(frame);
    const whole = Math.floor(seconds);
    const rest = Math.floor((seconds - whole) * 1000);
    const minutes = Math.floor(whole / 60) % 60;
    const hours = Math.floor(whole / 3600);
    const tail = `${String(whole % 60).padStart(2, '0')}.${String(rest).padStart(3, '0')}`;
    return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
  }

  /** Where `frame` stands on the grid of the rate: its ordinal, or by time where frames last unequally long. */
  #position(frame: number): number {
    return this.#variable ? this.table.gridPosition(frame, this.#rate) : frame;
  }
}
