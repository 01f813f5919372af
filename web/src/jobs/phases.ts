import type { Job } from '../api/types';

/** What a job is doing, in words: "Making the film for watching, 42 %". */
export function phaseWords(job: Pick<Job, 'state' | 'phase' | 'progress' | 'attempts'>): string {
  if (job.state === 'queued') return job.attempts > 0 ? 'Waits to be tried again' : 'Waits its turn';
  const share = Math.floor(job.progress / 10);
  const words =
    job.phase === '' ? 'Working' : job.phase.charAt(0).toUpperCase() + job.phase.slice(1).replaceAll('_', ' ');
  return share > 0 ? `${words} · ${share} %` : words;
}
