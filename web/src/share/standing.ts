import type { Rights, Share, Visitor } from '../api/types';
import { ago, moment, plural } from '../lib/format';

export type Standing = 'live' | 'soon' | 'expired' | 'revoked';

/** Whether a link still opens; "soon" when it ends within two days. */
export function shareStanding(share: Pick<Share, 'revoked_at' | 'expires_at'>, now: number): Standing {
  if (share.revoked_at) return 'revoked';
  if (!share.expires_at) return 'live';
  const left = new Date(share.expires_at).getTime() - now;
  if (left <= 0) return 'expired';
  return left < 48 * 3_600_000 ? 'soon' : 'live';
}

/** Who opened it and until when it works, in a line. */
export function standingWords(share: Share, now: number): string {
  switch (shareStanding(share, now)) {
    case 'revoked':
      return `Revoked ${ago(share.revoked_at!, now)}`;
    case 'expired':
      return `Ended ${moment(share.expires_at!)}`;
    case 'soon':
      return `${openedWords(share)}, ends ${moment(share.expires_at!)}`;
    case 'live':
      return openedWords(share);
  }
}

function openedWords({ visitors }: Share): string {
  const opens = visitors.reduce((sum, visitor) => sum + visitor.opens, 0);
  if (opens === 0) return 'Not opened yet';
  return `Opened ${times(opens)} by ${plural(visitors.length, 'person', 'people')}`;
}

/** "Opened 3 times, last yesterday, 2 devices, watched 62 %". */
export function visitorWords(visitor: Visitor, now: number): string {
  const last = `last ${ago(visitor.last_opened_at, now)}`;
  const watched = `watched ${Math.round(visitor.watched_percent)} %`;
  return `Opened ${times(visitor.opens)}, ${last}, ${plural(visitor.devices, 'device')}, ${watched}`;
}

function times(count: number): string {
  if (count === 1) return 'once';
  return count === 2 ? 'twice' : `${count} times`;
}

/** What a guest may do, as verbs. */
export function rightsWords(rights: Rights): string[] {
  const words = ['watch'];
  if (rights.comment) words.push('comment');
  if (rights.decide) words.push('decide');
  if (rights.download) words.push('download');
  return words;
}
