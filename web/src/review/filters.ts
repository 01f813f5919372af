import type { Author, Comment, CommentKind, NewComment } from '../api/types';

/** A note in the list: one the server has, or one on its way there. */
export interface Note extends Comment {
  /** Set while the server has not confirmed it. */
  unsent?: { body: NewComment; state: 'sending' | 'waiting'; why: string };
}

export interface NoteFilter {
  show: 'all' | 'open' | 'mine';
  kind: CommentKind | null;
  author: string | null;
  drawing: 'any' | 'with';
  words: string;
  sort: 'time' | 'newest';
}

export const EVERYTHING: NoteFilter = {
  show: 'all',
  kind: null,
  author: null,
  drawing: 'any',
  words: '',
  sort: 'time',
};

/** The notes that pass, in the order asked for. Words are sought in texts, replies, names and timecodes. */
export function chosen(notes: readonly Note[], filter: NoteFilter): Note[] {
  const words = fold(filter.words).split(/\s+/).filter(Boolean);
  const passing = notes.filter(
    (note) =>
      (filter.show !== 'open' || note.status === 'open') &&
      (filter.show !== 'mine' || note.mine) &&
      (filter.kind === null || note.kind === filter.kind) &&
      (filter.author === null || note.author.id === filter.author) &&
      (filter.drawing === 'any' || note.drawing !== null) &&
      words.every((word) => textOf(note).includes(word)),
  );
  return filter.sort === 'time'
    ? passing.sort(byPlace)
    : passing.sort((a, b) => b.created_at.localeCompare(a.created_at));
}

/** How many settings of the second filter row differ from showing everything. */
export function narrowings(filter: NoteFilter): number {
  return [filter.kind !== null, filter.author !== null, filter.drawing === 'with', filter.words.trim() !== ''].filter(
    Boolean,
  ).length;
}

/** By frame, then by when it was written. */
export function byPlace(a: Note, b: Note): number {
  return a.anchor.first - b.anchor.first || a.anchor.last - b.anchor.last || a.created_at.localeCompare(b.created_at);
}

/** Those who wrote, by name, each once. */
export function authors(notes: readonly Note[]): Author[] {
  const found = new Map(notes.map((note) => [note.author.id, note.author]));
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** The nearest note before (`-1`) or after (`1`) a place in the version; the selected one counts as the place. */
export function neighbour(notes: readonly Note[], frame: number, selected: string | null, way: -1 | 1): Note | null {
  const ordered = [...notes].sort(byPlace);
  const at = ordered.findIndex((note) => note.id === selected);
  if (at >= 0 && ordered[at]!.anchor.first === frame) return ordered[at + way] ?? null;
  if (way > 0) return ordered.find((note) => note.anchor.first > frame) ?? null;
  return ordered.findLast((note) => note.anchor.first < frame) ?? null;
}

const texts = new WeakMap<Note, string>();

function textOf(note: Note): string {
  let text = texts.get(note);
  if (text === undefined) {
    const replies = note.replies.flatMap((reply) => [reply.author.name, reply.text]);
    text = fold([note.author.name, note.text, note.timecode, ...replies].join('\n'));
    texts.set(note, text);
  }
  return text;
}

/** Lower case without accents, so that "etude" finds "Étude". */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
