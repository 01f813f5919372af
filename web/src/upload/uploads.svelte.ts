import { api, sentenceOf } from '../api/client';
import type { Id, UnfinishedUpload } from '../api/types';
import { plural } from '../lib/format';
import { jobs } from '../jobs/jobs.svelte';
import { toasts } from '../ui/toasts.svelte';
import { fingerprint, type Picked } from './files';
import { nextToStart, RateMeter, totals } from './queue';
import type { FileUpload, Target } from './upload.svelte';

/** All uploads of this page. They go on while one moves between projects; a reload needs the files once more. */
class Uploads {
  list = $state.raw<FileUpload[]>([]);
  /** Uploads that an earlier visit left half-way, by project. */
  unfinished = $state<Record<Id, UnfinishedUpload[]>>({});
  rate = $state<number | null>(null);
  totals = $derived(totals(this.list));

  #meter = new RateMeter();
  #partSizes = new Map<Id, Promise<number>>();
  #nextId = 1;
  #listening = false;

  /** Puts files into the queue. A file that an earlier visit left half-way goes on from there. */
  async add(picked: Picked, target: Target): Promise<void> {
    this.#listen();
    const { FileUpload } = await import('./upload.svelte');
    await this.loadUnfinished(target.project);
    let known = 0;
    const fresh: FileUpload[] = [];
    for (const file of picked.files) {
      const print = fingerprint(file.file);
      if ([...this.list, ...fresh].some((upload) => upload.fingerprint === print && isUnderWay(upload))) {
        known += 1;
        continue;
      }
      const half = this.unfinished[target.project]?.find((upload) => isSame(upload, file.file, target));
      const resumeAt = half ? `/api/projects/${target.project}/uploads/${half.id}` : null;
      if (half) this.#forget(target.project, half.id);
      fresh.push(new FileUpload(this.#nextId++, file, target, resumeAt, () => this.#changed()));
    }
    this.list = [...this.list, ...fresh];
    if (known > 0) toasts.say(`${plural(known, 'file')} already on the way`);
    if (picked.leftOut > 0) toasts.say(`${plural(picked.leftOut, 'file')} left out: not films`);
    this.#changed();
  }

  pauseAll(): void {
    for (const upload of this.list) if (isUnderWay(upload)) upload.pause();
  }

  resumeAll(): void {
    for (const upload of this.list) if (upload.phase === 'paused') upload.queue();
  }

  async remove(upload: FileUpload): Promise<void> {
    this.list = this.list.filter((other) => other !== upload);
    await upload.discard();
    this.#changed();
  }

  clearDone(): void {
    this.list = this.list.filter(({ phase }) => phase !== 'done');
  }

  async loadUnfinished(project: Id): Promise<void> {
    try {
      const found = await api.get<UnfinishedUpload[]>(`/api/projects/${project}/uploads`);
      const here = new Set(this.list.filter(isUnderWay).map((upload) => upload.fingerprint));
      this.unfinished[project] = found.filter(({ fingerprint: print }) => print === null || !here.has(print));
    } catch {
      // Only an offer; uploading works without it.
    }
  }

  async discardUnfinished(project: Id, upload: UnfinishedUpload): Promise<void> {
    await api.del(`/api/projects/${project}/uploads/${upload.id}`);
    this.#forget(project, upload.id);
  }

  #forget(project: Id, id: Id): void {
    this.unfinished[project] = (this.unfinished[project] ?? []).filter((upload) => upload.id !== id);
  }

  #changed(): void {
    const now = performance.now();
    this.#meter.add(this.totals.sent, now);
    this.rate = this.totals.moving > 0 ? this.#meter.rate(now) : null;
    if (this.totals.moving === 0) this.#meter.reset();
    for (const index of nextToStart(this.list)) void this.#start(this.list[index]!);
    if (this.list.some(({ phase }) => phase === 'done')) jobs.nudgeSoon();
  }

  async #start(upload: FileUpload): Promise<void> {
    // Taken out of the queue before the pause below, so that nobody starts it twice.
    upload.phase = 'sending';
    try {
      upload.start(await this.#partSize(upload.target.project));
    } catch (error) {
      this.#partSizes.delete(upload.target.project);
      upload.message = sentenceOf(error);
      upload.phase = 'paused';
    }
  }

  /** How large one part must be, as the server announces it. Asked once per project. */
  #partSize(project: Id): Promise<number> {
    const known = this.#partSizes.get(project);
    if (known) return known;
    const asked = fetch(`/api/projects/${project}/uploads`, { method: 'OPTIONS', headers: api.headers() }).then(
      (answer) => {
        const size = Number(answer.headers.get('Picturelock-Part-Size'));
        return Number.isFinite(size) && size > 0 ? size : 8 * 1024 * 1024;
      },
    );
    this.#partSizes.set(project, asked);
    asked.catch(() => this.#partSizes.delete(project));
    return asked;
  }

  #listen(): void {
    if (this.#listening) return;
    this.#listening = true;
    window.addEventListener('online', () => this.list.forEach((upload) => upload.wake()));
    window.addEventListener('beforeunload', (event) => {
      if (this.totals.moving > 0) event.preventDefault();
    });
    setInterval(() => {
      if (this.totals.moving > 0) this.rate = this.#meter.rate(performance.now());
    }, 1000);
  }
}

function isUnderWay(upload: FileUpload): boolean {
  return (
    upload.phase === 'waiting' || upload.phase === 'sending' || upload.phase === 'retrying' || upload.phase === 'paused'
  );
}

function isSame(half: UnfinishedUpload, file: File, target: Target): boolean {
  return half.fingerprint === fingerprint(file) && half.bytes === file.size && half.reviewable_id === target.reviewable;
}

export const uploads = new Uploads();
