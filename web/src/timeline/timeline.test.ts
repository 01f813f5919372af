import { describe, expect, it } from 'vitest';
import { FrameTable } from '../lib/frames';
import { initial, layOut, type Marked } from './marks';
import { ticks } from './ruler';
import { spokenPlace } from './spoken';

const note = (id: string, first: number, last = first): Marked => ({
  id,
  anchor: { type: 'frames', first, last },
  author: { kind: 'guest', id: 'g', name: 'Legal' },
  status: 'open',
  kind: 'change',
});
const ids = (notes: Marked[], width = 1000, selected: string | null = null) =>
  layOut(notes, 1000, width, selected).map((mark) => mark.notes.map((one) => one.id).join('+'));

describe('marks', () => {
  it('that would cover each other become one with a count', () => {
    expect(ids([note('a', 100), note('b', 110), note('c', 120), note('d', 300)])).toEqual(['a+b+c', 'd']);
  });

  it('do not join a long row into one', () => {
    const row = Array.from({ length: 10 }, (_, i) => note(String(i), i * 20));
    expect(ids(row)).toEqual(['0+1', '2+3', '4+5', '6+7', '8+9']);
  });

  it('come apart when the timeline is wide enough', () => {
    expect(ids([note('a', 100), note('b', 110)], 4000)).toEqual(['a', 'b']);
  });

  it('keep the selected note on its own', () => {
    expect(ids([note('a', 100), note('b', 105), note('c', 110)], 1000, 'b')).toEqual(['a+c', 'b']);
  });

  it('put ranges in a lane of their own and join only those that overlap', () => {
    const marks = layOut(
      [note('p', 100), note('r', 100, 199), note('s', 150, 299), note('t', 400, 449)],
      1000,
      1000,
      null,
    );
    expect(marks.map((mark) => [mark.shape, mark.notes.length])).toEqual([
      ['point', 1],
      ['range', 2],
      ['range', 1],
    ]);
    expect(marks.map((mark) => mark.at)).toEqual([0.1, 0.1, 0.4]);
    expect(marks[1]!.length).toBeCloseTo(0.2, 9);
    expect(marks[2]!.length).toBeCloseTo(0.05, 9);
  });

  it('carry the author’s initial', () => {
    expect(initial(' éditeur')).toBe('É');
    expect(initial('')).toBe('?');
  });
});

describe('ruler', () => {
  it('has round seconds with room for their labels', () => {
    const table = new FrameTable({ time_base: { num: 1, den: 24 }, runs: [[1, 1253]] });
    const wide = ticks(table, 1032).map((tick) => tick.label);
    expect(wide.slice(0, 3)).toEqual(['0:00', '0:05', '0:10']);
    expect(ticks(table, 358).map((tick) => tick.label)).toEqual(['0:00', '0:15', '0:30', '0:45']);
    expect(ticks(table, 1032)[1]!.at).toBeCloseTo(120 / 1253, 9);
  });

  it('counts hours', () => {
    const table = new FrameTable({ time_base: { num: 1, den: 25 }, runs: [[1, 25 * 7200]] });
    expect(ticks(table, 700).map((tick) => tick.label)).toContain('1:30:00');
  });
});

describe('spoken place', () => {
  it('says units and notes', () => {
    expect(spokenPlace('00:00:29:06', 1)).toBe('29 seconds 6 frames, 1 note here');
    expect(spokenPlace('01:00:00;02', 0)).toBe('1 hour 0 seconds 2 frames');
  });
});
