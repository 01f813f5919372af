import { describe, expect, it } from 'vitest';
import { Timecode, TimecodeError, rateText, type DropFrame } from './timecode';
import table from './timecode-cases.json';

interface Rate {
  num: number;
  den: number;
}
type Labels = Rate & { drop: DropFrame };
interface Cases {
  labels: (Labels & { frames: number; label: string; wraps?: boolean })[];
  days: (Labels & { frames_per_day: number })[];
  parses: (Labels & { label: string; frames: number })[];
  refused: (Labels & { label: string; fault: string })[];
  no_drop: Rate[];
}

/** The table that the Rust rules are held to as well. */
const cases = table as Cases;
const at = ({ num, den, drop }: Labels) => new Timecode({ num, den }, drop);

describe('timecode', () => {
  it('labels frames as the shared table says', () => {
    for (const one of cases.labels) expect([one, at(one).label(one.frames)]).toEqual([one, one.label]);
  });

  it('reads each label back to its frame', () => {
    for (const one of cases.labels) {
      if (!one.wraps) expect([one, at(one).parse(one.label)]).toEqual([one, one.frames]);
    }
    for (const one of cases.parses) expect([one, at(one).parse(one.label)]).toEqual([one, one.frames]);
  });

  it('knows how long a day is', () => {
    for (const one of cases.days) expect(at(one).framesPerDay).toBe(one.frames_per_day);
  });

  it('refuses labels that do not exist, and says why', () => {
    for (const one of cases.refused) {
      expect(() => at(one).parse(one.label), JSON.stringify(one)).toThrow(TimecodeError);
      expect(() => at(one).parse(one.label)).toThrow(expect.objectContaining({ fault: one.fault }));
    }
  });

  it('has drop-frame at multiples of 29.97 only', () => {
    for (const rate of cases.no_drop) {
      expect(() => new Timecode(rate, 'drop')).toThrow(expect.objectContaining({ fault: 'no_drop' }));
    }
  });

  it('prints rates as people write them', () => {
    expect(rateText({ num: 24000, den: 1001 })).toBe('23.976');
    expect(rateText({ num: 60000, den: 1001 })).toBe('59.94');
    expect(rateText({ num: 25, den: 1 })).toBe('25');
  });
});
