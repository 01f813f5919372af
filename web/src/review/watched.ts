/** Frames that were played, as ranges with both ends included, ready to be reported. */
export class WatchedFrames {
  #ranges: [number, number][] = [];

  /** A frame was on screen. Callbacks may skip a few frames of smooth play; they were on screen too. */
  add(frame: number, mostSkipped: number): void {
    const last = this.#ranges.at(-1);
    if (last && frame >= last[1] && frame - last[1] <= mostSkipped + 1) last[1] = frame;
    else if (!last || frame < last[0] || frame > last[1]) this.#ranges.push([frame, frame]);
  }

  /** What was gathered since the last time, joined where it touches. */
  take(): [number, number][] {
    const sorted = this.#ranges.sort((a, b) => a[0] - b[0]);
    this.#ranges = [];
    const joined: [number, number][] = [];
    for (const [first, last] of sorted) {
      const before = joined.at(-1);
      if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
      else joined.push([first, last]);
    }
    return joined;
  }

  /** Puts back what could not be reported. */
  giveBack(ranges: [number, number][]): void {
    this.#ranges = [...ranges, ...this.#ranges];
  }
}
