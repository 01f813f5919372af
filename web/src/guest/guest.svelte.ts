import { api, Problem, sentenceOf } from '../api/client';
import type { GuestPage, Id } from '../api/types';

export type GuestStanding =
  | { kind: 'opening' }
  | { kind: 'passphrase'; wrong: boolean }
  | { kind: 'open' }
  | { kind: 'incomplete' }
  | { kind: 'unknown' }
  | { kind: 'revoked' | 'expired'; detail: string }
  | { kind: 'unreachable'; detail: string };

/** A client without an account: from the link to the page it shows. */
class Guest {
  page = $state<GuestPage | null>(null);
  standing = $state<GuestStanding>({ kind: 'opening' });

  #share: Id = '';
  #secret = '';

  /** Exchanges the secret of the link for a session. The secret stays in memory only as long as it is needed. */
  async open(share: Id, secret: string): Promise<void> {
    this.#share = share;
    this.#secret = secret;
    if (secret === '') return this.#openAgain();
    await this.tryPassphrase(undefined);
  }

  async tryPassphrase(passphrase: string | undefined): Promise<void> {
    try {
      this.page = await api.post<GuestPage>(`/api/shares/${encodeURIComponent(this.#share)}/open`, {
        secret: this.#secret,
        passphrase,
      });
      this.#secret = '';
      this.standing = { kind: 'open' };
    } catch (error) {
      this.standing = standingAfter(error);
    }
  }

  /** The page of the session this browser already has. */
  async load(): Promise<void> {
    if (this.page) {
      this.standing = { kind: 'open' };
      return;
    }
    try {
      this.page = await api.get<GuestPage>('/api/guest');
      this.standing = { kind: 'open' };
    } catch (error) {
      this.standing = standingAfter(error);
    }
  }

  /** Asks again, because a newer version or another brief may have come. */
  async refresh(): Promise<void> {
    try {
      this.page = await api.get<GuestPage>('/api/guest');
    } catch (error) {
      if (error instanceof Problem && !error.offline) this.standing = standingAfter(error);
    }
  }

  async introduce(name: string, email: string): Promise<void> {
    this.page = await api.put<GuestPage>('/api/guest', { name, email });
  }

  /** The address without its secret, as after a reload: works where the session is still of the same link. */
  async #openAgain(): Promise<void> {
    await this.load();
    if (this.standing.kind === 'open' && this.page?.share.id === this.#share) return;
    if (this.standing.kind === 'unreachable') return;
    this.page = null;
    this.standing = { kind: 'incomplete' };
  }
}

function standingAfter(error: unknown): GuestStanding {
  if (!(error instanceof Problem)) return { kind: 'unreachable', detail: sentenceOf(error) };
  switch (error.code) {
    case 'passphrase_needed':
      return { kind: 'passphrase', wrong: false };
    case 'passphrase_wrong':
      return { kind: 'passphrase', wrong: true };
    case 'revoked':
    case 'expired':
      return { kind: error.code, detail: error.detail };
    default:
      break;
  }
  if (error.status === 401) return { kind: 'incomplete' };
  if (error.status === 404) return { kind: 'unknown' };
  if (error.status === 410) return { kind: 'expired', detail: error.detail };
  return { kind: 'unreachable', detail: error.detail };
}

export const guest = new Guest();
