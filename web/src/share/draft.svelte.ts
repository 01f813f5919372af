import type { NewShare, Reviewable, Rights, Version } from '../api/types';
import { fromLocal, toLocal } from '../lib/localtime';
import { stageInSentence } from '../lib/words';

export type Preset = 'review' | 'watch' | 'deliver';

export const presets: { value: Preset; name: string; rights: Rights }[] = [
  { value: 'review', name: 'Client review', rights: { comment: true, decide: true, download: false } },
  { value: 'watch', name: 'Watch only', rights: { comment: false, decide: false, download: false } },
  { value: 'deliver', name: 'Deliver files', rights: { comment: false, decide: false, download: true } },
];

const DAY = 86_400_000;

export type Until = '7' | '14' | '30' | 'date' | 'never';

/** A link before it is made. */
export class ShareDraft {
  label = $state('Client');
  rights = $state<Rights>({ ...presets[0]!.rights });
  target = $state<'version' | 'newest'>('version');
  together = $state(true);
  protected = $state(false);
  passphrase = $state('');
  until = $state<Until>('14');
  date = $state('');

  /** The preset these rights are, if any. */
  preset = $derived(
    presets.find(
      ({ rights }) =>
        rights.comment === this.rights.comment &&
        rights.decide === this.rights.decide &&
        rights.download === this.rights.download,
    )?.value ?? null,
  );

  constructor(
    readonly reviewable: Reviewable,
    readonly version: Version | null,
  ) {
    this.date = toLocal(new Date(Date.now() + 14 * DAY).toISOString());
    if (!version) this.target = 'newest';
  }

  get title(): string {
    const stage = stageInSentence(this.reviewable.brief.stage);
    return this.version ? `Share ${stage} v${this.version.number}` : `Share ${stage}`;
  }

  choose(preset: Preset): void {
    this.rights = { ...presets.find(({ value }) => value === preset)!.rights };
  }

  /** When the link ends; null for never. */
  expiry(now = Date.now()): string | null {
    if (this.until === 'never') return null;
    if (this.until === 'date') return fromLocal(this.date);
    const end = new Date(now + Number(this.until) * DAY);
    end.setHours(18, 0, 0, 0);
    return end.toISOString();
  }

  /** What still has to be filled in, as a sentence; empty when it can be made. */
  get missing(): string {
    if (this.label.trim() === '') return 'Say who the link is for.';
    if (this.protected && this.passphrase.trim().length < 6) return 'Type a passphrase of at least 6 characters.';
    if (this.until === 'date' && this.expiry() === null) return 'Choose the day the link ends.';
    if (this.until === 'date' && new Date(this.date).getTime() < Date.now())
      return 'The day the link ends is in the past.';
    return '';
  }

  request(): NewShare {
    return {
      reviewable_id: this.reviewable.id,
      label: this.label.trim(),
      target:
        this.target === 'version' && this.version ? { type: 'version', version: this.version.id } : { type: 'newest' },
      rights: this.rights,
      passphrase: this.protected ? this.passphrase : undefined,
      expires_at: this.expiry() ?? undefined,
      guests_see_each_other: this.together,
    };
  }
}
