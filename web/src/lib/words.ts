import type { CommentKind, Outcome, ReviewState, Role, Stage, VersionState } from '../api/types';

/** Names for people of the words the API uses. */

export const stageNames: Record<Stage, string> = {
  assembly_cut: 'Assembly cut',
  rough_cut: 'Rough cut',
  fine_cut: 'Fine cut',
  picture_lock: 'Picture lock',
  colour_grade: 'Colour grade',
  sound_edit: 'Sound edit',
  music_mix: 'Music mix',
  motion_graphics: 'Motion graphics',
  final_export: 'Final export',
};

export const stages = Object.keys(stageNames) as Stage[];

/** "fine cut": inside a sentence. */
export function stageInSentence(stage: Stage): string {
  return stageNames[stage].toLowerCase();
}

export const roleNames: Record<Role, string> = {
  owner: 'Owner',
  producer: 'Producer',
  editor: 'Editor',
  specialist: 'Specialist',
  assistant: 'Assistant',
};

export const roles = Object.keys(roleNames) as Role[];

/** What somebody of a role does: "an editor, who …". */
export const roleMeanings: Record<Role, string> = {
  owner: 'does everything, people and system included',
  producer: 'runs projects, briefs, links and decisions',
  editor: 'uploads, resolves notes and fetches originals',
  specialist: 'does what an editor does, for one craft',
  assistant: 'uploads and writes notes',
};

export const reviewNames: Record<ReviewState, string> = {
  in_review: 'In review',
  approved: 'Approved',
  approved_with_changes: 'Approved with changes',
  changes_requested: 'Revisions requested',
};

export const versionStateNames: Record<VersionState, string> = {
  processing: 'Being prepared',
  ready: 'Ready',
  failed: 'Failed',
  deleted: 'Deleted',
};

export const outcomeNames: Record<Outcome, string> = {
  approve: 'Approve',
  approve_with_changes: 'Approve with changes',
  request_revisions: 'Request revisions',
};

export const kindNames: Record<CommentKind, string> = {
  change: 'Change',
  question: 'Question',
  praise: 'Praise',
  studio_error: 'Studio error',
  later_stage: 'Later stage',
};
