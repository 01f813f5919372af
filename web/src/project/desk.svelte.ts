import { api, Problem, sentenceOf } from '../api/client';
import { projectEvents } from '../api/events';
import type { Id, Member, Project, ProjectEvent, Reviewable, Share, Version } from '../api/types';
import { jobs } from '../jobs/jobs.svelte';
import { may } from '../people/permissions';
import { session } from '../people/session.svelte';
import { moveOf, moveOfVersion } from './move';

/** Everything one project page shows, kept fresh by the live events of the project. */
export class ProjectDesk {
  project = $state<Project | null>(null);
  reviewables = $state<Reviewable[]>([]);
  members = $state<Member[]>([]);
  shares = $state<Share[]>([]);
  /** Why the page cannot be shown. */
  failure = $state<Problem | null>(null);
  live = $state(true);

  /** The newest version that can be watched, over all reviewables. */
  newest = $derived.by(() => newestReady(this.reviewables));
  move = $derived.by(() => {
    const latest = this.project?.latest ?? null;
    const version = this.#find(latest?.version_id ?? null);
    // The stacks on this page are fresher than the summary of the project.
    return version ? moveOfVersion(version) : moveOf(latest, this.project?.open_comment_count ?? 0);
  });
  dueReviewable = $derived(this.reviewables.find(({ id }) => id === this.project?.latest?.reviewable_id) ?? null);

  #close: (() => void) | undefined;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly id: Id) {}

  /** Loads the page and follows its changes until the returned function is called. */
  open(): () => void {
    let interrupted = false;
    this.#close = projectEvents(this.id, (event) => this.#take(event), {
      onState: (state) => {
        this.live = state !== 'waiting';
        if (state === 'live' && interrupted) void this.load();
        if (state === 'waiting') interrupted = true;
      },
    });
    void this.load();
    return () => {
      clearTimeout(this.#later);
      this.#close?.();
    };
  }

  async load(): Promise<void> {
    const base = `/api/projects/${this.id}`;
    try {
      [this.project, this.reviewables, this.members] = await Promise.all([
        api.get<Project>(base),
        api.get<Reviewable[]>(`${base}/reviewables`),
        api.get<Member[]>(`${base}/people`),
      ]);
      this.failure = null;
    } catch (error) {
      this.failure = error instanceof Problem ? error : new Problem(0, 'unexpected', sentenceOf(error));
      return;
    }
    await this.loadShares();
  }

  async loadShares(): Promise<void> {
    if (!may(session.me, 'manage_shares')) return;
    this.shares = await api.get<Share[]>(`/api/projects/${this.id}/shares`).catch(() => this.shares);
  }

  async loadMembers(): Promise<void> {
    this.members = await api.get<Member[]>(`/api/projects/${this.id}/people`);
  }

  /** Puts one reviewable in, as a request answered it. */
  put(reviewable: Reviewable): void {
    const known = this.reviewables.some(({ id }) => id === reviewable.id);
    this.reviewables = known
      ? this.reviewables.map((other) => (other.id === reviewable.id ? reviewable : other))
      : [reviewable, ...this.reviewables];
  }

  async deleteVersion(version: Version): Promise<void> {
    await api.del(`/api/projects/${this.id}/versions/${version.id}`);
    await this.load();
  }

  #take(event: ProjectEvent): void {
    switch (event.kind) {
      case 'job_changed':
        if (event.job) {
          jobs.take(event.job);
          this.#showProgress(event.job);
        }
        return;
      case 'share_changed':
        void this.loadShares();
        return;
      case 'comment_created':
      case 'comment_changed':
      case 'comment_deleted':
      case 'version_created':
      case 'version_changed':
      case 'version_deleted':
      case 'decision_made':
      case 'reviewable_changed':
      case 'project_changed':
        this.#loadSoon();
        return;
      case 'still_ready':
      case 'ended':
        return;
    }
  }

  #showProgress(job: NonNullable<ProjectEvent['job']>): void {
    const version = this.#find(job.version_id);
    if (version && (version.job === null || version.job.id === job.id)) version.job = job;
  }

  /** Many changes in a row make one question. */
  #loadSoon(): void {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => void this.load(), 250);
  }

  #find(id: Id | null): Version | null {
    if (id === null) return null;
    for (const { versions } of this.reviewables) {
      const found = versions.find((version) => version.id === id);
      if (found) return found;
    }
    return null;
  }
}

function newestReady(reviewables: Reviewable[]): { reviewable: Reviewable; version: Version } | null {
  let best: { reviewable: Reviewable; version: Version } | null = null;
  for (const reviewable of reviewables) {
    const version = reviewable.versions.find(({ state }) => state === 'ready');
    if (version && (!best || version.created_at > best.version.created_at)) best = { reviewable, version };
  }
  return best;
}
