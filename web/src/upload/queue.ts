/** The arithmetic of the upload queue; no network, no clock of its own. */

export type Phase = 'waiting' | 'sending' | 'paused' | 'retrying' | 'refused' | 'done';

export interface Queued {
  phase: Phase;
  bytes: number;
  sent: number;
}

/** How many files travel at once: enough to fill a line, few enough that each gets there. */
export const PARALLEL = 3;

/** Indexes of the uploads to start now, in order, so that no more than `parallel` are under way. */
export function nextToStart(queue: readonly Queued[], parallel = PARALLEL): number[] {
  const busy = queue.filter(({ phase }) => phase === 'sending' || phase === 'retrying').length;
  const waiting = queue.flatMap(({ phase }, index) => (phase === 'waiting' ? [index] : []));
  return waiting.slice(0, Math.max(0, parallel - busy));
}

export interface Totals {
  files: number;
  done: number;
  bytes: number;
  sent: number;
  /** Files that want something from a person. */
  refused: number;
  paused: number;
  /** Files that are under way or will be without anybody's help. */
  moving: number;
}

/** Sums of the whole queue. What was refused does not count towards the bytes still to go. */
export function totals(queue: readonly Queued[]): Totals {
  const sum: Totals = { files: 0, done: 0, bytes: 0, sent: 0, refused: 0, paused: 0, moving: 0 };
  for (const { phase, bytes, sent } of queue) {
    sum.files += 1;
    switch (phase) {
      case 'refused':
        sum.refused += 1;
        continue;
      case 'done':
        sum.done += 1;
        break;
      case 'paused':
        sum.paused += 1;
        break;
      case 'waiting':
      case 'sending':
      case 'retrying':
        sum.moving += 1;
        break;
    }
    sum.bytes += bytes;
    sum.sent += phase === 'done' ? bytes : sent;
  }
  return sum;
}

/**
 * Bytes per second over the last few seconds. A sample that goes back (a part was lost and is sent again) starts the
 * measurement anew, because the bytes before it no longer count.
 */
export class RateMeter {
  #samples: { at: number; sent: number }[] = [];

  constructor(readonly window = 8000) {}

  add(sent: number, at: number): void {
    const last = this.#samples.at(-1);
    if (last && sent < last.sent) this.#samples = [];
    this.#samples.push({ at, sent });
    while (this.#samples.length > 2 && at - this.#samples[0]!.at > this.window) this.#samples.shift();
  }

  reset(): void {
    this.#samples = [];
  }

  /** Null until there is enough to go by. */
  rate(now: number): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || now - first.at < 500) return null;
    return ((last.sent - first.sent) * 1000) / (now - first.at);
  }
}

/** Seconds until `left` bytes are sent; null while nothing moves. */
export function secondsLeft(left: number, bytesPerSecond: number | null): number | null {
  if (left <= 0) return 0;
  if (bytesPerSecond === null || bytesPerSecond < 1) return null;
  return left / bytesPerSecond;
}

/** A percentage that says 100 only when all is there. */
export function percent(sent: number, bytes: number): number {
  if (bytes <= 0) return 100;
  return sent >= bytes ? 100 : Math.min(99, Math.floor((sent / bytes) * 100));
}

/** Seconds to wait before the next attempt after `failures` in a row. */
export function retryDelay(failures: number): number {
  return Math.min(30, 2 ** Math.min(failures, 5));
}
