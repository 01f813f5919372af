import type { FrameTable } from '../lib/frames';

/** How a seek ended: the picture is the frame asked for, or the browser never said so. */
export type SeekOutcome = 'confirmed' | 'unconfirmed';

/** A callback may never come when the picture does not change (0.04 % of seeks); then `seeked` has to do. */
const SAME_PICTURE_MS = 250;
/** How long a changed picture may take before the seek is tried once more. */
const PATIENCE_MS = 2500;

/**
 * A `<video>` element that is asked for frames and tells which frame its picture is.
 *
 * A seek goes to the middle of a frame and counts only when the browser has announced that very picture. Chromium
 * announces a frame's start, Firefox the time it was asked for; both are mapped by the table, rounding down.
 */
export class VideoSource {
  /** The frame announced last; null before the first. */
  presented: number | null = null;
  /** Called with the frame on screen whenever the picture changes during play. */
  onPicture: (frame: number) => void = () => {};

  readonly #stop = new AbortController();
  readonly #announces: boolean;
  readonly #watchers = new Set<(frame: number, mediaTime: number) => void>();
  /** Whether the browser announces the time asked for instead of the picture's (Firefox). */
  #echoes = false;
  #handle = 0;

  constructor(
    readonly video: HTMLVideoElement,
    readonly table: FrameTable,
  ) {
    this.#announces = 'requestVideoFrameCallback' in video;
    if (this.#announces) this.#listen();
    else video.addEventListener('timeupdate', () => this.#playing(video.currentTime), { signal: this.#stop.signal });
  }

  dispose(): void {
    this.#stop.abort();
    if (this.#announces) this.video.cancelVideoFrameCallback(this.#handle);
  }

  /** Shows `frame`, tries once more if the browser announces another, and reports whether it is confirmed. */
  async seek(frame: number): Promise<SeekOutcome> {
    for (const part of [0.5, 0.4]) {
      await visible();
      if (await this.#attempt(frame, part)) return 'confirmed';
    }
    return 'unconfirmed';
  }

  /** Moves on to `frame` without stopping play or waiting. */
  jump(frame: number): void {
    this.video.currentTime = this.table.inside(frame);
  }

  /** Stops play and chooses the frame to hold: the last announced, unless the clock is far from it. */
  halt(): number {
    this.video.pause();
    const clock = this.table.frameAt(this.video.currentTime);
    if (this.presented !== null && Math.abs(this.presented - clock) <= 2) return this.presented;
    return clock;
  }

  #attempt(frame: number, part: number): Promise<boolean> {
    const { video, table } = this;
    const before = this.presented;
    return new Promise((resolve, reject) => {
      const over = new AbortController();
      const { signal } = over;
      const timers: ReturnType<typeof setTimeout>[] = [];
      let seeked = false;
      let announced: number | null = null;
      const end = (confirmed: boolean) => {
        over.abort();
        timers.forEach(clearTimeout);
        this.#watchers.delete(watch);
        resolve(confirmed);
      };
      const watch = (shown: number, mediaTime: number) => {
        announced = shown;
        if (shown !== frame) return;
        this.#echoes = mediaTime - table.start(frame) > table.durationOf(frame) / 8;
        if (seeked) end(true);
      };
      const onSeeked = () => {
        seeked = true;
        if (!this.#announces) requestAnimationFrame(() => requestAnimationFrame(() => end(true)));
        else if (announced === frame) end(true);
        else timers.push(setTimeout(() => announced === null && before === frame && end(true), SAME_PICTURE_MS));
      };
      this.#watchers.add(watch);
      video.addEventListener('seeked', onSeeked, { signal });
      const fail = () => {
        end(false);
        reject(video.error ?? new Error('the picture is gone'));
      };
      video.addEventListener('error', fail, { signal });
      this.#stop.signal.addEventListener('abort', () => end(false), { signal });
      timers.push(
        setTimeout(() => seeked && end(false), PATIENCE_MS),
        setTimeout(() => end(false), 6 * PATIENCE_MS),
      );
      video.currentTime = table.inside(frame, part);
    });
  }

  #listen(): void {
    const { video } = this;
    this.#handle = video.requestVideoFrameCallback((_now, { mediaTime }) => {
      this.#listen();
      if (video.paused || video.seeking) {
        const frame = this.table.frameAt(mediaTime);
        this.presented = frame;
        this.#watchers.forEach((watch) => watch(frame, mediaTime));
      } else this.#playing(this.#echoes ? video.currentTime : mediaTime);
    });
  }

  #playing(seconds: number): void {
    this.presented = this.table.frameAt(seconds);
    if (!this.video.paused) this.onPicture(this.presented);
  }
}

function visible(): Promise<void> {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => document.addEventListener('visibilitychange', () => resolve(), { once: true }));
}
