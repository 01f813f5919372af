import { api } from './client';
import { EventStreamParser } from './sse';
import type { Id, ProjectEvent } from './types';

export type EventsState = 'connecting' | 'live' | 'waiting' | 'ended';

export interface EventsOptions {
  /** Resume after this event; without it the stream begins now. */
  after?: number;
  /** Told on every change; `live` after a gap is the moment to refetch what carries no event. */
  onState?: (state: EventsState) => void;
}

/**
 * Live changes of one project. Reconnects by itself and resumes after the last event seen, so nothing is missed
 * while the connection was away. A revoked link ends it for good. Returns the function that closes it.
 *
 * Read with `fetch`, because `EventSource` cannot send `Last-Event-ID` on a connection of our own making, nor say
 * why it was refused.
 */
export function projectEvents(
  projectId: Id,
  handler: (event: ProjectEvent) => void,
  options: EventsOptions = {},
): () => void {
  const stop = new AbortController();
  let last: string | null = options.after === undefined ? null : String(options.after);
  let failures = 0;
  const tell = (state: EventsState) => {
    if (!stop.signal.aborted) options.onState?.(state);
  };

  async function once(): Promise<'again' | 'ended'> {
    const headers: Record<string, string> = { Accept: 'text/event-stream', ...api.headers() };
    if (last !== null) headers['Last-Event-ID'] = last;
    const response = await fetch(api.url(`/api/projects/${projectId}/events`), {
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: stop.signal,
    });
    if ([401, 403, 404, 410].includes(response.status)) return 'ended';
    if (!response.ok || !response.body) return 'again';
    tell('live');
    const parser = new EventStreamParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return 'again';
      failures = 0;
      for (const message of parser.push(value)) {
        if (message.id) last = message.id;
        const event = read(message.event, message.data);
        if (!event) continue;
        handler(event);
        if (event.kind === 'ended') return 'ended';
      }
    }
  }

  async function run(): Promise<void> {
    tell('connecting');
    while (!stop.signal.aborted) {
      const outcome = await once().catch(() => 'again' as const);
      if (stop.signal.aborted) return;
      if (outcome === 'ended') return tell('ended');
      tell('waiting');
      await pause(delay(failures++), stop.signal);
    }
  }

  void run();
  return () => stop.abort();
}

/** Milliseconds before the next attempt: quick at first, then every half minute, spread so that many clients do not return at once. */
export function delay(failures: number, random: () => number = Math.random): number {
  const base = Math.min(30_000, 500 * 2 ** failures);
  return Math.round(base * (0.75 + random() / 2));
}

function read(name: string, data: string): ProjectEvent | null {
  if (name === 'ended') return { kind: 'ended', seq: 0 };
  try {
    return JSON.parse(data) as ProjectEvent;
  } catch {
    return null;
  }
}

/** Waits, but no longer than until the network comes back. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    window.addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}
