import type { FrameTable } from '../lib/frames';

/** Shows one exact frame; false when this way of showing it is not to be had. */
export type ShowFrame = (frame: number) => Promise<boolean>;

/**
 * Plays backwards from a frame: the frame due is worked out from the clock and shown by whoever can, skipping what
 * the machine is too slow for. Time is the browser's, so that a hidden tab stands still.
 */
export class ReverseRun {
  #stopped = false;

  constructor(
    private readonly table: FrameTable,
    private readonly show: ShowFrame,
    private readonly onFrame: (frame: number) => void,
  ) {}

  /** Runs until stopped or at `until`; resolves with the frame shown last. */
  async run(from: number, speed: number, until: number): Promise<number> {
    const top = this.table.start(from);
    let shown = from;
    let began: number | null = null;
    while (!this.#stopped && shown > until) {
      const now = await nextAnimationFrame();
      began ??= now;
      const due = this.table.frameAt(Math.max(0, top - ((now - began) / 1000) * speed));
      const target = Math.max(until, due);
      if (target >= shown) continue;
      if (!(await this.show(target))) break;
      if (this.#stopped) break;
      shown = target;
      this.onFrame(shown);
    }
    return shown;
  }

  stop(): void {
    this.#stopped = true;
  }
}

function nextAnimationFrame(): Promise<number> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}
