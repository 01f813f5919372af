import { describe, expect, it } from 'vitest';
import * as format from './format';

const at = (text: string) => new Date(text).getTime();

describe('figures', () => {
  it('writes bytes in decimal units and never shows 1000 of one', () => {
    expect(format.bytes(0)).toBe('0 B');
    expect(format.bytes(999)).toBe('999 B');
    expect(format.bytes(1000)).toBe('1.00 kB');
    expect(format.bytes(999_960)).toBe('1.00 MB');
    expect(format.bytes(31_400_000_000)).toBe('31.4 GB');
    expect(format.bytes(412_000_000)).toBe('412 MB');
  });

  it('counts with the right number', () => {
    expect(format.plural(1, 'note')).toBe('1 note');
    expect(format.plural(0, 'note')).toBe('0 notes');
    expect(format.plural(2, 'copy', 'copies')).toBe('2 copies');
    expect(format.counted(2, 'project')).toBe('Two projects');
    expect(format.counted(14, 'project')).toBe('14 projects');
  });

  it('shortens hashes and rates', () => {
    expect(format.hashPrefix('7f3a000000c1')).toBe('7f3a…c1');
    expect(format.rate({ num: 24000, den: 1001 })).toBe('23.976 fps');
    expect(format.rate({ num: 25, den: 1 })).toBe('25 fps');
  });

  it('names lengths in words', () => {
    expect(format.lengthInWords(52_208)).toBe('52 seconds');
    expect(format.lengthInWords(90_000)).toBe('1 minute 30 seconds');
    expect(format.lengthInWords(3_840_000)).toBe('1 hour 4 minutes');
    expect(format.clock(3729)).toBe('1:02:09');
    expect(format.clock(65)).toBe('1:05');
  });
});

describe('dates', () => {
  it('names the weekday, the hour and the zone of a deadline', () => {
    expect(format.deadline('2026-11-24T17:00:00Z', 'Europe/Berlin')).toBe('Tuesday 24 Nov, 18:00 CET');
    expect(format.shortDeadline('2026-11-24T17:00:00Z', at('2026-11-22T09:00:00Z'), 'Europe/Berlin')).toBe(
      'Tue 24 Nov, 18:00',
    );
    expect(format.shortDeadline('2026-11-24T17:00:00Z', at('2026-11-24T09:00:00Z'), 'Europe/Berlin')).toBe(
      'Today 18:00',
    );
  });

  it('says how much time is left, or how late it is', () => {
    const due = '2026-11-24T17:00:00Z';
    expect(format.timeLeft(due, at('2026-11-22T17:00:00Z'))).toBe('2 days left');
    expect(format.timeLeft(due, at('2026-11-24T12:00:00Z'))).toBe('5 hours left');
    expect(format.timeLeft(due, at('2026-11-24T16:59:50Z'))).toBe('1 minute left');
    expect(format.timeLeft(due, at('2026-11-27T17:00:00Z'))).toBe('3 days late');
    expect(format.urgency(due, at('2026-11-27T17:00:00Z'))).toBe('late');
    expect(format.urgency(due, at('2026-11-23T17:00:00Z'))).toBe('soon');
    expect(format.urgency(due, at('2026-11-02T17:00:00Z'))).toBe('calm');
  });
});

describe('people', () => {
  it('takes initials in any script and lists names as a sentence does', () => {
    expect(format.initials('Anna Maria Berg')).toBe('AB');
    expect(format.initials('李 雷')).toBe('李雷');
    expect(format.initials('  ')).toBe('?');
    expect(format.listed(['a'])).toBe('a');
    expect(format.listed(['a', 'b', 'c'])).toBe('a, b and c');
  });
});
