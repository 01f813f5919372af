import { describe, expect, it } from 'vitest';
import { nextToStart, percent, RateMeter, retryDelay, secondsLeft, totals, type Phase, type Queued } from './queue';

const item = (phase: Phase, bytes = 100, sent = 0): Queued => ({ phase, bytes, sent });

describe('the queue', () => {
  it('starts waiting files in order and no more than may travel at once', () => {
    const queue = [item('done'), item('sending'), item('waiting'), item('waiting'), item('waiting')];
    expect(nextToStart(queue, 3)).toEqual([2, 3]);
    expect(nextToStart([item('sending'), item('retrying'), item('sending'), item('waiting')], 3)).toEqual([]);
  });

  it('lets the next file pass one that is paused or refused', () => {
    expect(nextToStart([item('paused'), item('refused'), item('waiting')], 1)).toEqual([2]);
  });

  it('never starts more than allowed, whatever the queue holds', () => {
    const phases: Phase[] = ['waiting', 'sending', 'paused', 'retrying', 'refused', 'done'];
    for (let seed = 0; seed < 500; seed += 1) {
      const queue = Array.from({ length: seed % 9 }, (_, i) => item(phases[(seed * 7 + i * 13) % phases.length]!));
      const started = nextToStart(queue, 3);
      const busy = queue.filter(({ phase }) => phase === 'sending' || phase === 'retrying').length;
      expect(started.every((index) => queue[index]!.phase === 'waiting')).toBe(true);
      expect(busy + started.length).toBeLessThanOrEqual(Math.max(3, busy));
    }
  });
});

describe('totals', () => {
  it('counts a finished file whole and leaves a refused one out of the bytes', () => {
    const sum = totals([
      item('done', 100, 90),
      item('sending', 200, 50),
      item('refused', 1000, 0),
      item('paused', 50, 10),
    ]);
    expect(sum).toEqual({ files: 4, done: 1, bytes: 350, sent: 160, refused: 1, paused: 1, moving: 1 });
  });
});

describe('rate and time left', () => {
  it('says nothing before there is enough to go by', () => {
    const meter = new RateMeter();
    expect(meter.rate(0)).toBeNull();
    meter.add(0, 0);
    expect(meter.rate(100)).toBeNull();
  });

  it('measures the last seconds and falls when nothing arrives', () => {
    const meter = new RateMeter(8000);
    for (let second = 0; second <= 20; second += 1) meter.add(second * 1_000_000, second * 1000);
    expect(meter.rate(20_000)).toBeCloseTo(1_000_000, -3);
    expect(meter.rate(40_000)!).toBeLessThan(500_000);
  });

  it('starts anew when a lost part is sent again', () => {
    const meter = new RateMeter();
    meter.add(10_000_000, 0);
    meter.add(2_000_000, 1000);
    meter.add(3_000_000, 2000);
    expect(meter.rate(2000)).toBe(1_000_000);
  });

  it('gives no time while nothing moves', () => {
    expect(secondsLeft(100, null)).toBeNull();
    expect(secondsLeft(100, 0)).toBeNull();
    expect(secondsLeft(100, 50)).toBe(2);
    expect(secondsLeft(0, null)).toBe(0);
  });
});

describe('percent', () => {
  it('says 100 only when everything is there', () => {
    expect(percent(999_999, 1_000_000)).toBe(99);
    expect(percent(1_000_000, 1_000_000)).toBe(100);
    expect(percent(0, 0)).toBe(100);
  });
});

it('waits longer after each failure, half a minute at most', () => {
  expect([0, 1, 2, 3, 4, 5, 50].map(retryDelay)).toEqual([1, 2, 4, 8, 16, 30, 30]);
});
