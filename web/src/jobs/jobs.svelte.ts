import { api } from '../api/client';
import type { Id, Job } from '../api/types';

const BUSY_EVERY = 2_000;
const IDLE_EVERY = 30_000;

/**
 * What the server works on, for all projects of this person. Asks every two seconds while something runs; project
 * pages also feed in the live events they receive.
 */
class Jobs {
  list = $state<Job[]>([]);
  /** Counts up whenever a job comes to an end, for pages that show its result. */
  settled = $state(0);
  /** Ended jobs somebody has put away. */
  dismissed = $state<Id[]>([]);

  active = $derived(this.list.filter(({ state }) => state === 'queued' || state === 'running'));
  failed = $derived(this.list.filter(({ state, id }) => state === 'failed' && !this.dismissed.includes(id)));
  shown = $derived([...this.active, ...this.failed]);

  #timer: ReturnType<typeof setTimeout> | undefined;
  #soon: ReturnType<typeof setTimeout> | undefined;
  #watchers = 0;
  #asked = false;

  /** Keeps the list fresh until the returned function is called. */
  watch(): () => void {
    this.#watchers += 1;
    if (this.#watchers === 1) void this.#tick();
    return () => {
      this.#watchers -= 1;
      if (this.#watchers === 0) clearTimeout(this.#timer);
    };
  }

  /** Asks at once, after something that starts a job. */
  nudge(): void {
    if (this.#watchers > 0) void this.#tick();
  }

  /** Asks within a second; many calls make one question. */
  nudgeSoon(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.nudge(), 600);
  }

  /** Takes one job as an event brought it. */
  take(job: Job): void {
    const before = this.list.find(({ id }) => id === job.id);
    if (before && before.updated_at > job.updated_at) return;
    this.list = before ? this.list.map((known) => (known.id === job.id ? job : known)) : [job, ...this.list];
    if (before && isActive(before) && !isActive(job)) this.settled += 1;
  }

  async cancel(job: Job): Promise<void> {
    this.take(await api.post<Job>(`/api/projects/${job.project_id}/jobs/${job.id}/cancel`));
  }

  async retry(job: Job): Promise<void> {
    this.take(await api.post<Job>(`/api/projects/${job.project_id}/jobs/${job.id}/retry`));
    this.nudge();
  }

  dismiss(job: Job): void {
    this.dismissed = [...this.dismissed, job.id];
  }

  /** Whether something came to an end since we asked last, also what began and ended in between. */
  #ended(fresh: Job[]): boolean {
    const gone = this.active.some(({ id }) => !fresh.some((job) => job.id === id));
    const before = new Map(this.list.map((job) => [job.id, job]));
    return (
      gone ||
      fresh.some((job) => {
        const known = before.get(job.id);
        return !isActive(job) && (known === undefined || isActive(known));
      })
    );
  }

  async #tick(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      const fresh = await api.get<Job[]>('/api/jobs');
      if (this.#asked && this.#ended(fresh)) this.settled += 1;
      this.#asked = true;
      this.list = fresh;
    } catch {
      // The next round asks again; the page itself says when the server is away.
    }
    if (this.#watchers === 0) return;
    this.#timer = setTimeout(() => void this.#tick(), this.active.length > 0 ? BUSY_EVERY : IDLE_EVERY);
  }
}

function isActive(job: Job): boolean {
  return job.state === 'queued' || job.state === 'running';
}

export const jobs = new Jobs();
