import { describe, expect, it } from 'vitest';
import { authors, chosen, EVERYTHING, neighbour, type Note, type NoteFilter } from './filters';
import { newKey } from './key';
import { RowHeights } from './virtual';
import { WatchedFrames } from './watched';

let made = 0;
function note(first: number, more: Partial<Note> = {}): Note {
  made += 1;
  return {
    id: String(first),
    version_id: 'v',
    project_id: 'p',
    author: { kind: 'guest', id: 'legal', name: 'Legal' },
    anchor: { type: 'frames', first, last: first },
    timecode: `00:00:00:${first}`,
    timecode_out: null,
    text: 'words',
    kind: 'change',
    audience: 'everyone',
    status: 'open',
    resolved_by: null,
    resolved_at: null,
    drawing: null,
    has_still: false,
    created_at: new Date(1e12 + made * 1000).toISOString(),
    edited_at: null,
    mine: false,
    replies: [],
    ...more,
  };
}
const ids = (notes: Note[], filter: Partial<NoteFilter>) =>
  chosen(notes, { ...EVERYTHING, ...filter }).map((one) => one.id);

describe('filters', () => {
  const brand = { kind: 'guest', id: 'brand', name: 'Brand' } as const;
  const reply = {
    id: 'r',
    author: brand,
    text: 'Länger bitte',
    audience: 'everyone',
    created_at: '',
    edited_at: null,
    mine: false,
  } as const;
  const notes = [
    note(30, { status: 'resolved', mine: true }),
    note(10, { text: 'Étude, louder', kind: 'question' }),
    note(20, { author: brand, drawing: [], replies: [reply] }),
  ];

  it('show all by place, or the newest first', () => {
    expect(ids(notes, {})).toEqual(['10', '20', '30']);
    expect(ids(notes, { sort: 'newest' })).toEqual(['20', '10', '30']);
  });

  it('keep open, own, one kind, one author, drawings', () => {
    expect(ids(notes, { show: 'open' })).toEqual(['10', '20']);
    expect(ids(notes, { show: 'mine' })).toEqual(['30']);
    expect(ids(notes, { kind: 'question' })).toEqual(['10']);
    expect(ids(notes, { author: 'brand' })).toEqual(['20']);
    expect(ids(notes, { drawing: 'with' })).toEqual(['20']);
    expect(authors(notes).map((one) => one.name)).toEqual(['Brand', 'Legal']);
  });

  it('find words without accents in notes, names and replies', () => {
    expect(ids(notes, { words: 'etude LOUD' })).toEqual(['10']);
    expect(ids(notes, { words: 'langer' })).toEqual(['20']);
    expect(ids(notes, { words: 'brand langer' })).toEqual(['20']);
    expect(ids(notes, { words: 'nowhere' })).toEqual([]);
  });

  it('filter two thousand notes within a tenth of a keystroke', () => {
    const many = Array.from({ length: 2000 }, (_, i) => note(i, { text: `note number ${i}` }));
    expect(ids(many, { words: 'number 1999' })).toEqual(['1999']);
  });
});

describe('next and previous note', () => {
  const notes = [note(10), note(20), note(20, { id: '20b' }), note(30)];
  const from = (frame: number, selected: string | null, way: -1 | 1) =>
    neighbour(notes, frame, selected, way)?.id ?? null;

  it('go by place from the playhead', () => {
    expect(from(15, null, 1)).toBe('20');
    expect(from(15, null, -1)).toBe('10');
    expect(from(30, null, 1)).toBeNull();
  });

  it('visit every note of one frame', () => {
    expect(from(20, '20', 1)).toBe('20b');
    expect(from(20, '20b', 1)).toBe('30');
    expect(from(20, '20b', -1)).toBe('20');
  });

  it('go from the playhead once it has left the selected note', () => {
    expect(from(25, '10', 1)).toBe('30');
  });
});

describe('watched frames', () => {
  it('join into ranges, however often a part was seen', () => {
    const watched = new WatchedFrames();
    for (const frame of [0, 1, 2, 4, 5, 100, 101, 3, 4, 5, 6]) watched.add(frame, 2);
    expect(watched.take()).toEqual([
      [0, 6],
      [100, 101],
    ]);
    expect(watched.take()).toEqual([]);
  });

  it('count nothing that was jumped over', () => {
    const watched = new WatchedFrames();
    watched.add(0, 2);
    watched.add(50, 2);
    expect(watched.take()).toEqual([
      [0, 0],
      [50, 50],
    ]);
  });

  it('are reported later when a report failed', () => {
    const watched = new WatchedFrames();
    watched.add(5, 0);
    const failed = watched.take();
    watched.add(6, 0);
    watched.giveBack(failed);
    expect(watched.take()).toEqual([[5, 6]]);
  });
});

describe('rows of a long list', () => {
  const keys = Array.from({ length: 2000 }, (_, i) => String(i));

  it('are drawn only near the view, and the room adds up', () => {
    const rows = new RowHeights(80);
    rows.measure('0', 200);
    const { first, end, before, after } = rows.window(keys, 8000, 600, 200);
    expect(end - first).toBeLessThan(20);
    const drawn = keys.slice(first, end).reduce((sum, key) => sum + (rows.place(keys, key)?.height ?? 0), 0);
    expect(before + drawn + after).toBe(200 + 1999 * 80);
    expect(before).toBeLessThanOrEqual(7800);
  });

  it('can be none, few, or scrolled past the end', () => {
    const rows = new RowHeights(80);
    expect(rows.window([], 0, 600, 200)).toEqual({ first: 0, end: 0, before: 0, after: 0 });
    expect(rows.window(['a', 'b'], 0, 600, 200)).toEqual({ first: 0, end: 2, before: 0, after: 0 });
    expect(rows.window(['a', 'b'], 9000, 600, 200)).toEqual({ first: 0, end: 0, before: 160, after: 0 });
  });
});

describe('client keys', () => {
  it('are version 4 UUIDs', () => {
    expect(newKey()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(newKey()).not.toBe(newKey());
  });
});
