import { DetailedError, Upload as TusUpload } from 'tus-js-client';
import { api, Problem } from '../api/client';
import type { Id, Stage, Version } from '../api/types';
import { fingerprint, type PickedFile } from './files';
import { retryDelay, type Phase, type Queued } from './queue';

export interface Target {
  project: Id;
  projectName: string;
  /** Add as a new version of this; without it the file starts a reviewable of its own. */
  reviewable: Id | null;
  reviewableName: string | null;
  stage: Stage | null;
}

/** One file on its way. Goes on by itself after lost connections; only a refusal stops it. */
export class FileUpload implements Queued {
  readonly file: File;
  readonly bytes: number;
  readonly fingerprint: string;
  phase = $state<Phase>('waiting');
  sent = $state(0);
  /** Why it was refused, or what it waits for. */
  message = $state('');
  version = $state<Id | null>(null);
  /** Number of the earlier version that has the same bytes. */
  sameBytesAs = $state<number | null>(null);

  #tus: TusUpload | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

  constructor(
    readonly id: number,
    readonly picked: PickedFile,
    readonly target: Target,
    /** Where an earlier attempt got to. */
    readonly resumeAt: string | null,
    readonly changed: (upload: FileUpload) => void,
  ) {
    this.file = picked.file;
    this.bytes = picked.file.size;
    this.fingerprint = fingerprint(picked.file);
  }

  get name(): string {
    return this.picked.relativePath ?? this.file.name;
  }

  start(partSize: number): void {
    this.#set('sending');
    this.#tus ??= this.#make(partSize);
    this.#tus.start();
  }

  pause(): void {
    if (this.phase === 'done' || this.phase === 'refused') return;
    clearTimeout(this.#timer);
    void this.#tus?.abort();
    this.#set('paused');
  }

  /** Back into the queue, after a pause or a refusal. */
  queue(): void {
    this.#failures = 0;
    this.#set('waiting');
  }

  /** Tries at once, because the network came back. */
  wake(): void {
    if (this.phase !== 'retrying') return;
    clearTimeout(this.#timer);
    this.#set('sending');
    this.#tus?.start();
  }

  /** Stops and removes what the server already has. */
  async discard(): Promise<void> {
    clearTimeout(this.#timer);
    const unfinished = this.phase !== 'done';
    this.#set('paused');
    await this.#tus?.abort();
    const url = this.#tus?.url ?? this.resumeAt;
    if (unfinished && url) await api.del(new URL(url, location.href).pathname).catch(() => undefined);
  }

  #make(partSize: number): TusUpload {
    const { reviewable, stage, project } = this.target;
    const metadata: Record<string, string> = { filename: this.file.name, fingerprint: this.fingerprint };
    if (this.picked.relativePath) metadata.relative_path = this.picked.relativePath;
    if (reviewable) metadata.reviewable = reviewable;
    else if (stage) metadata.stage = stage;
    return new TusUpload(this.file, {
      endpoint: `/api/projects/${project}/uploads`,
      uploadUrl: this.resumeAt,
      chunkSize: partSize,
      headers: api.headers(),
      metadata,
      // Kept on the server, not in the browser: see `UnfinishedUpload`.
      storeFingerprintForResuming: false,
      retryDelays: null,
      onProgress: (sent) => this.#progress(sent),
      onAfterResponse: (_request, response) => {
        this.version = response.getHeader('Picturelock-Version') ?? this.version;
      },
      onError: (error) => this.#failed(error),
      onSuccess: () => void this.#finished(),
    });
  }

  #progress(sent: number): void {
    if (this.phase !== 'sending') return;
    if (sent > this.sent) this.#failures = 0;
    this.sent = sent;
    this.changed(this);
  }

  #failed(error: Error | DetailedError): void {
    if (this.phase === 'paused') return;
    const refusal = refusalOf(error);
    if (refusal) {
      this.message = refusal;
      this.#set('refused');
      return;
    }
    const seconds = retryDelay(this.#failures);
    this.#failures += 1;
    this.message = navigator.onLine
      ? 'The server does not answer. Trying again by itself.'
      : 'No network. Goes on by itself.';
    this.#set('retrying');
    this.#timer = setTimeout(() => this.wake(), seconds * 1000);
  }

  async #finished(): Promise<void> {
    this.sent = this.bytes;
    this.message = '';
    this.#set('done');
    if (!this.version) return;
    const path = `/api/projects/${this.target.project}/versions/${this.version}`;
    const version = await api.get<Version>(path).catch(() => null);
    this.sameBytesAs = version?.same_bytes_as ?? null;
  }

  #set(phase: Phase): void {
    this.phase = phase;
    this.changed(this);
  }
}

/** The sentence of a refusal that trying again would not change; null where it would. */
function refusalOf(error: Error | DetailedError): string | null {
  if (error instanceof Problem) return error.detail;
  if (!(error instanceof DetailedError)) {
    return 'The file can no longer be read. It was moved, changed or its disk was removed. Choose it again.';
  }
  const status = error.originalResponse?.getStatus() ?? 0;
  const passing = status === 0 || [408, 409, 423, 425, 429].includes(status) || (status >= 500 && status !== 507);
  if (passing) return null;
  try {
    const problem = JSON.parse(error.originalResponse?.getBody() ?? '') as { detail?: string };
    if (problem.detail) return problem.detail;
  } catch {
    // No problem document; say what the status means.
  }
  if (status === 507) return 'The disk of the server is full.';
  if (status === 401) return 'You are signed out. Sign in again, then resume.';
  return `The server refused this file (${status}).`;
}
