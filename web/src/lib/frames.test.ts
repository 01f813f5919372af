import { describe, expect, it } from 'vitest';
import { FrameTable, type FrameTableWire } from './frames';

const rates: [number, number][] = [
  [24000, 1001],
  [25, 1],
  [30000, 1001],
  [60000, 1001],
  [120, 1],
];
const constant = (num: number, den: number, count: number) =>
  new FrameTable({ time_base: { num: 1, den: num }, runs: [[den, count]] });
const variable: FrameTableWire = {
  time_base: { num: 1, den: 90000 },
  runs: [
    [3003, 4],
    [2997, 1],
    [6006, 10],
    [0, 0],
    [1500, 3],
  ],
};

describe('frame table', () => {
  it('finds every frame from its start, its middle and a time cut to microseconds', () => {
    for (const [num, den] of rates) {
      const table = constant(num, den, 200_000);
      for (let frame = 0; frame < table.length; frame += 997) {
        expect(table.frameAt(table.inside(frame))).toBe(frame);
        expect(table.frameAt(table.start(frame))).toBe(frame);
        expect(table.frameAt(Math.floor(table.start(frame) * 1e6) / 1e6)).toBe(frame);
        expect(table.start(frame)).toBeCloseTo((frame * den) / num, 9);
      }
    }
  });

  it('holds unequal frames', () => {
    const table = new FrameTable(variable);
    expect(table.length).toBe(18);
    const ticks = [0, 3003, 6006, 9009, 12012, 15009, 21015];
    ticks.forEach((tick, frame) => expect(table.start(frame) * 90000).toBeCloseTo(tick, 6));
    for (let frame = 0; frame < table.length; frame += 1) {
      expect(table.frameAt(table.inside(frame))).toBe(frame);
      expect(table.frameAt(table.start(frame) + table.durationOf(frame) - 0.0021)).toBe(frame);
    }
    expect(table.duration * 90000).toBeCloseTo(3003 * 4 + 2997 + 60060 + 4500, 6);
  });

  it('stays inside at both ends', () => {
    const table = new FrameTable(variable);
    expect(table.frameAt(-1)).toBe(0);
    expect(table.frameAt(1e6)).toBe(17);
    expect(table.clamp(-3)).toBe(0);
    expect(table.clamp(99)).toBe(17);
    expect(table.inside(17)).toBeLessThan(table.duration);
  });

  it('seeks into the last frame even when that frame is very long or very short', () => {
    for (const last of [90_000, 10]) {
      const runs: [number, number][] = [
        [3003, 5],
        [last, 1],
      ];
      const table = new FrameTable({ time_base: { num: 1, den: 90000 }, runs });
      expect(table.inside(5)).toBeGreaterThan(table.start(5));
      expect(table.inside(5)).toBeLessThan(Math.min(table.duration, table.start(5) + 3003 / 90000));
    }
  });

  it('refuses tables without frames or with frames that take no time', () => {
    expect(() => new FrameTable({ time_base: { num: 1, den: 25 }, runs: [] })).toThrow('no frames');
    expect(() => new FrameTable({ time_base: { num: 1, den: 25 }, runs: [[0, 4]] })).toThrow('duration');
  });
});
