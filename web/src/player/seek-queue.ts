/**
 * A queue of one: runs one target at a time, and of those asked for meanwhile only the newest. So a scrub over a
 * thousand frames costs as many seeks as the browser manages, and always ends on the last.
 */
export class SeekQueue {
  #running: Promise<void> | null = null;
  #next: number | null = null;

  constructor(private readonly run: (frame: number) => Promise<void>) {}

  /** Asks for `frame`; the promise settles when nothing is left to do. */
  request(frame: number): Promise<void> {
    this.#next = frame;
    this.#running ??= this.#drain();
    return this.#running;
  }

  /** Settles when nothing is left to do. */
  idle(): Promise<void> {
    return this.#running ?? Promise.resolve();
  }

  /** Forgets the target that has not begun. */
  drop(): void {
    this.#next = null;
  }

  get busy(): boolean {
    return this.#running !== null;
  }

  async #drain(): Promise<void> {
    try {
      while (this.#next !== null) {
        const frame = this.#next;
        this.#next = null;
        await this.run(frame);
      }
    } finally {
      this.#running = null;
    }
  }
}
