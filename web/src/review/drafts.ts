import type { Audience, CommentKind, NewComment, Shape } from '../api/types';

/** A note being written, as it survives a reload. */
export interface Draft {
  text: string;
  kind: CommentKind;
  audience: Audience;
  frame: number;
  markIn: number | null;
  markOut: number | null;
  drawing: Shape[];
  drawnAt: number | null;
}

const DRAFT = 'picturelock.draft.';
const OUTBOX = 'picturelock.unsent.';

/** The draft kept for a version on this device. */
export function keptDraft(version: string): Draft | null {
  const draft = read<Draft>(DRAFT + version);
  return draft && typeof draft.text === 'string' && Array.isArray(draft.drawing) ? draft : null;
}

/** Keeps `draft`, or forgets it when it holds nothing. */
export function keepDraft(version: string, draft: Draft): void {
  const empty = draft.text.trim() === '' && draft.drawing.length === 0;
  write(DRAFT + version, empty ? null : draft);
}

/** Notes that the server has not confirmed. */
export function keptUnsent(version: string): NewComment[] {
  const bodies = read<NewComment[]>(OUTBOX + version);
  return Array.isArray(bodies) ? bodies.filter((body) => typeof body?.client_key === 'string') : [];
}

export function keepUnsent(version: string, bodies: NewComment[]): void {
  write(OUTBOX + version, bodies.length ? bodies : null);
}

function read<T>(key: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as T | null;
  } catch {
    return null;
  }
}

function write(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden storage must not stop anybody from writing.
  }
}
