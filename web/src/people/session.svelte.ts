import { api, Problem } from '../api/client';
import type { Me, Setup } from '../api/types';

type Standing = 'unknown' | 'signed-in' | 'signed-out' | 'not-set-up' | 'unreachable';

/** Who is signed in on this browser. One for the whole page. */
class Session {
  me = $state<Me | null>(null);
  standing = $state<Standing>('unknown');
  setup = $state<Setup | null>(null);
  /** They signed out themselves: whoever comes next does not land on their last page. */
  left = $state(false);

  constructor() {
    api.onSignedOut = () => this.lost();
  }

  /** Asks the server who we are, and where nobody is signed in whether the studio exists at all. */
  async load(): Promise<void> {
    try {
      this.enter(await api.get<Me>('/api/session'));
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) {
        this.standing = 'unreachable';
        return;
      }
      this.me = null;
      await this.loadSetup();
    }
  }

  async loadSetup(): Promise<void> {
    try {
      this.setup = await api.get<Setup>('/api/setup');
      this.standing = this.setup.needed ? 'not-set-up' : 'signed-out';
    } catch {
      this.standing = 'unreachable';
    }
  }

  enter(me: Me): void {
    this.me = me;
    this.left = false;
    this.standing = 'signed-in';
  }

  async signOut(): Promise<void> {
    await api.del('/api/session');
    this.left = true;
    this.lost();
  }

  /** The session ended, here or on another device. */
  lost(): void {
    this.me = null;
    this.standing = 'signed-out';
  }
}

export const session = new Session();
