import type { LatestVersion, ReviewState, VersionState } from '../api/types';
import type { IconName } from '../ui/icons';
import { plural } from '../lib/format';

export type Side = 'us' | 'client' | 'nobody';
export type Tone = 'calm' | 'acc' | 'warn' | 'bad' | 'ok';

/** Whose turn it is, and what exactly they have to do. */
export interface Move {
  side: Side;
  /** What is to be done, in one line. */
  what: string;
  who: string;
  tone: Tone;
  icon: IconName;
}

export interface Moment {
  state: VersionState;
  review: ReviewState;
  open_comment_count: number;
}

/** Reads whose move it is from the newest version of a project. */
export function moveOf(latest: LatestVersion | null, openNotes: number): Move {
  if (!latest) return first;
  return moveOfVersion({ state: latest.state, review: latest.review, open_comment_count: openNotes });
}

/** Whose move it is after one version. */
export function moveOfVersion(version: Moment | null): Move {
  if (!version) return first;
  switch (version.state) {
    case 'processing':
      return { side: 'us', what: 'Wait for the new version to be ready', who: 'Server', tone: 'acc', icon: 'clock' };
    case 'failed':
      return { side: 'us', what: 'Upload again, the file was refused', who: 'Editor', tone: 'bad', icon: 'warn' };
    case 'deleted':
      return {
        side: 'us',
        what: 'Upload a version, the last one was deleted',
        who: 'Editor',
        tone: 'acc',
        icon: 'upload',
      };
    case 'ready':
      return ofReview(version.review, version.open_comment_count);
  }
}

const first: Move = { side: 'us', what: 'Upload the first cut', who: 'Editor', tone: 'acc', icon: 'upload' };

function ofReview(review: ReviewState, notes: number): Move {
  switch (review) {
    case 'in_review':
      return { side: 'client', what: 'Watch and decide', who: 'Decision maker', tone: 'acc', icon: 'user' };
    case 'changes_requested':
      return { side: 'us', what: answer(notes), who: 'Editor', tone: 'acc', icon: 'note' };
    case 'approved_with_changes':
      return { side: 'us', what: 'Make the listed changes', who: 'Editor', tone: 'acc', icon: 'note' };
    case 'approved':
      return { side: 'nobody', what: 'Approved', who: 'Nobody waits', tone: 'ok', icon: 'check' };
  }
}

function answer(notes: number): string {
  return notes > 0 ? `Answer the notes, ${plural(notes, 'open one')}` : 'Upload the next version';
}
