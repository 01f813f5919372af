import { api, Problem, sentenceOf } from '../api/client';
import type { Brief, Comment, Decision, Id, NewDecision, Outcome, Version } from '../api/types';
import { hashPrefix, listed } from '../lib/format';
import { newId } from '../lib/ids';
import { stageInSentence } from '../lib/words';

export interface Subject {
  project: Id;
  projectName: string;
  client: string;
  studio: string;
  reviewable: string;
  brief: Brief;
  version: Version;
}

export type Step = 'form' | 'check' | 'receipt';

/** One decision, from the choice to the receipt. Nothing here is optimistic: it counts once the server has said so. */
export class DecisionDesk {
  outcome = $state<Outcome | null>(null);
  listed = $state<Id[]>([]);
  authority = $state(false);
  fullName = $state('');
  note = $state('');

  comments = $state<Comment[]>([]);
  earlier = $state<Decision[]>([]);
  watched = $state<number | null>(null);
  step = $state<Step>('form');
  busy = $state(false);
  refusal = $state('');
  /** A newer version exists; this one can no longer be decided. */
  overtaken = $state(false);
  receipt = $state<Decision | null>(null);

  /** Open notes the client can see, in the order of the film. */
  open = $derived(this.comments.filter(({ status, audience }) => status === 'open' && audience === 'everyone'));
  current = $derived(this.earlier.find(({ superseded }) => !superseded) ?? null);
  cut: string;
  hash: string;

  /** The same key goes out again when the answer was lost, so that one decision is never recorded twice. */
  #key = newId();

  constructor(readonly subject: Subject) {
    this.cut = `${stageInSentence(subject.brief.stage)} v${subject.version.number}`;
    this.hash = hashPrefix(subject.version.content_hash ?? '');
    this.overtaken = !subject.version.current;
  }

  /** The sentence as the server will put it on the record. */
  get statement(): string {
    return `${this.fullName.trim()}: I have authority to decide for ${this.subject.client} on ${this.cut}, file ${this.hash}.`;
  }

  /** What is still missing, as the end of "To send: …"; empty when it can be sent. */
  missing = $derived.by((): string => {
    const steps: string[] = [];
    if (this.outcome === null) steps.push('choose one of the three');
    if (this.outcome === 'approve_with_changes' && this.listed.length === 0)
      steps.push('choose the notes to be changed');
    if (this.outcome === 'request_revisions' && this.open.length === 0 && this.note.trim() === '') {
      steps.push('say what should change');
    }
    if (!this.authority) steps.push('confirm that you may decide');
    if (this.fullName.trim().length < 2) steps.push('type your name');
    return listed(steps);
  });

  async load(): Promise<void> {
    const base = this.#base;
    const [comments, earlier, watched] = await Promise.all([
      api.get<Comment[]>(`${base}/comments`).catch(() => []),
      api.get<Decision[]>(`${base}/decisions`).catch(() => []),
      api.post<{ watched_percent: number }>(`${base}/watched`, { ranges: [] }).catch(() => null),
    ]);
    this.comments = comments;
    this.earlier = earlier;
    this.watched = watched?.watched_percent ?? null;
  }

  toggle(comment: Id): void {
    this.listed = this.listed.includes(comment)
      ? this.listed.filter((id) => id !== comment)
      : [...this.listed, comment];
  }

  check(): void {
    if (this.missing === '' && !this.overtaken) this.step = 'check';
  }

  async send(): Promise<void> {
    const { content_hash: hash } = this.subject.version;
    if (this.busy || this.outcome === null || hash === null) return;
    const request: NewDecision = {
      outcome: this.outcome,
      content_hash: hash,
      // The server writes the sentence itself, from what it knows; it takes the name under it from us.
      statement: this.fullName.trim(),
      note: this.note.trim() || undefined,
      listed_comments: this.outcome === 'approve_with_changes' ? this.listed : undefined,
      client_key: this.#key,
    };
    this.busy = true;
    this.refusal = '';
    try {
      this.receipt = await api.post<Decision>(`${this.#base}/decisions`, request);
      this.step = 'receipt';
    } catch (error) {
      this.refusal = sentenceOf(error);
      if (error instanceof Problem && error.code === 'newer_version') this.overtaken = true;
      this.step = 'form';
    } finally {
      this.busy = false;
    }
  }

  get #base(): string {
    return `/api/projects/${this.subject.project}/versions/${this.subject.version.id}`;
  }
}
