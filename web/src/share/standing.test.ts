import { describe, expect, it } from 'vitest';
import type { Share } from '../api/types';
import { rightsWords, shareStanding, standingWords, visitorWords } from './standing';

const now = new Date('2026-11-22T12:00:00Z').getTime();
const share = { expires_at: null, revoked_at: null, visitors: [] } as unknown as Share;

describe('how a link stands', () => {
  it('is dead once revoked, even before its end', () => {
    expect(shareStanding({ revoked_at: '2026-11-20T00:00:00Z', expires_at: '2027-01-01T00:00:00Z' }, now)).toBe(
      'revoked',
    );
    expect(shareStanding({ revoked_at: null, expires_at: '2026-11-22T12:00:00Z' }, now)).toBe('expired');
    expect(shareStanding({ revoked_at: null, expires_at: '2026-11-23T12:00:00Z' }, now)).toBe('soon');
    expect(shareStanding({ revoked_at: null, expires_at: null }, now)).toBe('live');
  });

  it('says who opened it', () => {
    expect(standingWords(share, now)).toBe('Not opened yet');
    const visitor = {
      guest_id: 'g',
      name: 'A',
      email: null,
      opens: 3,
      devices: 2,
      last_opened_at: '2026-11-21T16:20:00Z',
      watched_percent: 61.6,
    };
    expect(standingWords({ ...share, visitors: [visitor] }, now)).toBe('Opened 3 times by 1 person');
    expect(visitorWords(visitor, now)).toBe('Opened 3 times, last yesterday, 2 devices, watched 62 %');
  });

  it('names each right apart', () => {
    expect(rightsWords({ comment: false, decide: false, download: false })).toEqual(['watch']);
    expect(rightsWords({ comment: true, decide: true, download: false })).toEqual(['watch', 'comment', 'decide']);
  });
});
