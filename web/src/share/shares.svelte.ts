import { api } from '../api/client';
import type { Id, NewShare, Share, ShareWithLink } from '../api/types';

/** The links of one reviewable. A link's address is known only right after it was made or renewed. */
export class Shares {
  list = $state<Share[] | null>(null);
  /** Addresses shown once, by share. */
  links = $state<Record<Id, string>>({});

  constructor(
    readonly project: Id,
    readonly reviewable: Id,
  ) {}

  async load(): Promise<void> {
    const all = await api.get<Share[]>(`/api/projects/${this.project}/shares`);
    this.list = all
      .filter(({ reviewable_id }) => reviewable_id === this.reviewable)
      .sort(
        (a, b) =>
          Number(a.revoked_at !== null) - Number(b.revoked_at !== null) || b.created_at.localeCompare(a.created_at),
      );
  }

  async make(request: NewShare): Promise<ShareWithLink> {
    const made = await api.post<ShareWithLink>(`/api/projects/${this.project}/shares`, request);
    this.links[made.share.id] = made.link;
    await this.load();
    return made;
  }

  async renew(share: Share): Promise<void> {
    const renewed = await api.post<ShareWithLink>(`${this.#path(share)}/renew-link`);
    this.links[share.id] = renewed.link;
    await this.load();
  }

  /** Waits for the server: until it answers, the link still works. */
  async revoke(share: Share): Promise<void> {
    await api.del(this.#path(share));
    delete this.links[share.id];
    await this.load();
  }

  async revokeAll(): Promise<void> {
    for (const share of this.list ?? []) if (!share.revoked_at) await api.del(this.#path(share));
    this.links = {};
    await this.load();
  }

  /** Why somebody cannot open it: the answer for the first link the question fits, or for all. */
  async explain(question: string): Promise<{ works: boolean; reason: string }> {
    const asLink = /^https?:\/\/.*\/s\/([0-9a-f-]+)/i.exec(question.trim());
    const shares = (this.list ?? []).filter((share) => !asLink || share.id === asLink[1]);
    if (asLink && shares.length === 0) {
      return {
        works: false,
        reason: 'This link does not belong to this film. It may be of another one, or was cut short.',
      };
    }
    if (shares.length === 0) return { works: false, reason: 'There is no link yet. Make one above and send it.' };
    const body = asLink ? { link: question.trim() } : { email: question.trim() };
    const answers = await Promise.all(
      shares.map((share) => api.post<{ works: boolean; reason: string }>(`${this.#path(share)}/explain`, body)),
    );
    return answers.find(({ works }) => works) ?? answers[0]!;
  }

  #path(share: Share): string {
    return `/api/projects/${this.project}/shares/${share.id}`;
  }
}
