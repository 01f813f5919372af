import type { Comment } from '../api/types';

/** What a mark needs to know of a note. */
export type Marked = Pick<Comment, 'id' | 'anchor' | 'author' | 'status' | 'kind'>;

/** One mark on the timeline; several notes where they would cover each other. */
export interface Mark {
  shape: 'point' | 'range';
  notes: Marked[];
  /** Fractions of the whole: where it begins, and how long a range is. */
  at: number;
  length: number;
}

/** How near two points may come, in pixels, before they become one. */
const NEAR_PX = 24;
/** No range is drawn narrower. */
const NARROWEST_PX = 20;

/**
 * Marks for `notes` on a timeline `width` pixels wide: points in one lane, ranges in another. The selected note
 * always has a mark of its own.
 */
export function layOut(notes: readonly Marked[], frames: number, width: number, selected: string | null): Mark[] {
  const marks = notes.map((note) => markOf(note, frames)).sort((a, b) => a.at - b.at || a.length - b.length);
  const alone = marks.filter((mark) => mark.notes[0]!.id === selected);
  const rest = marks.filter((mark) => mark.notes[0]!.id !== selected);
  const points = gather(
    rest.filter((mark) => mark.shape === 'point'),
    (last, next) => (next.at - last.at) * width < NEAR_PX,
  );
  const ranges = gather(
    rest.filter((mark) => mark.shape === 'range'),
    (last, next) => next.at * width < last.at * width + Math.max(NARROWEST_PX, last.length * width) + 2,
  );
  return [...points, ...ranges, ...alone];
}

/** The letter a note's mark carries. */
export function initial(name: string): string {
  return ([...name.trim()][0] ?? '?').toUpperCase();
}

function markOf(note: Marked, frames: number): Mark {
  const { first, last } = note.anchor;
  const length = last - first + 1;
  const shape = length > 1 ? 'range' : 'point';
  return { shape, notes: [note], at: first / frames, length: shape === 'range' ? length / frames : 0 };
}

/** Joins neighbours that `touch`; a joined mark lies in the middle of its points, or over all of its ranges. */
function gather(marks: Mark[], touch: (last: Mark, next: Mark) => boolean): Mark[] {
  const groups: Mark[][] = [];
  let reach: Mark | null = null;
  for (const mark of marks) {
    const group = groups.at(-1);
    if (group && reach && touch(reach, mark)) group.push(mark);
    else groups.push([mark]);
    // Points join while near the first of their group, so that a long row does not become one; ranges by their end.
    const fresh = groups.at(-1)!.length === 1;
    if (fresh || (mark.shape === 'range' && endOf(mark) > endOf(reach!))) reach = mark;
  }
  return groups.map(joined);
}

function joined(group: Mark[]): Mark {
  const first = group[0]!;
  if (group.length === 1) return first;
  const notes = group.flatMap((mark) => mark.notes);
  if (first.shape === 'point') return { ...first, notes, at: (first.at + group.at(-1)!.at) / 2 };
  return { ...first, notes, length: Math.max(...group.map(endOf)) - first.at };
}

function endOf(mark: Mark): number {
  return mark.at + mark.length;
}
