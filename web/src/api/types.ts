/** The types of the HTTP API, under the names the contract gives them. Times are RFC 3339 UTC, ids are UUID text. */

export type Id = string;
export type Time = string;

export type Role = 'owner' | 'producer' | 'editor' | 'specialist' | 'assistant';
export type Stage =
  | 'assembly_cut'
  | 'rough_cut'
  | 'fine_cut'
  | 'picture_lock'
  | 'colour_grade'
  | 'sound_edit'
  | 'music_mix'
  | 'motion_graphics'
  | 'final_export';

export interface Rate {
  num: number;
  den: number;
}

export interface Me {
  user: { id: Id; name: string; email: string; role: Role };
  studio: { name: string };
  plain_http: boolean;
}

export interface Person {
  id: Id;
  name: string;
  email: string;
  role: Role;
  blocked: boolean;
  created_at: Time;
}

export interface LatestVersion {
  reviewable_id: Id;
  reviewable_name: string;
  stage: Stage;
  version_id: Id;
  number: number;
  state: VersionState;
  review: ReviewState;
  has_poster: boolean;
  answer_by: Time | null;
}

export interface Project {
  id: Id;
  name: string;
  client: string;
  frame_rate: Rate | null;
  start_timecode: string | null;
  created_at: Time;
  member_count: number;
  reviewable_count: number;
  latest: LatestVersion | null;
  open_comment_count: number;
}

export interface Member {
  user: { id: Id; name: string; email: string; role: Role };
  added_at: Time;
}

export interface Brief {
  stage: Stage;
  look_at: string[];
  ignore: string[];
  answer_by: Time | null;
  decision_maker: string | null;
}

export interface Reviewable {
  id: Id;
  project_id: Id;
  name: string;
  brief: Brief;
  created_at: Time;
  /** Newest first. */
  versions: Version[];
}

export type VersionState = 'processing' | 'ready' | 'failed' | 'deleted';
export type ReviewState = 'in_review' | 'approved' | 'approved_with_changes' | 'changes_requested';
export type DropFrame = 'non_drop' | 'drop';

export interface Footage {
  frame_count: number;
  frame_rate: Rate;
  rate_class: 'constant' | 'variable';
  start_timecode: { frames: number; drop_frame: DropFrame } | null;
  width: number;
  height: number;
  duration_ms: number;
  has_audio: boolean;
  description: string;
}

export interface Proxy {
  name: string;
  width: number;
  height: number;
  bytes: number;
}

export interface Sprites {
  tile_width: number;
  tile_height: number;
  columns: number;
  rows: number;
  sheets: string[];
  frames: number[];
}

export interface Media {
  proxies: Proxy[];
  poster: string | null;
  sprites: Sprites | null;
  peaks: string | null;
}

export interface Version {
  id: Id;
  reviewable_id: Id;
  project_id: Id;
  number: number;
  file_name: string;
  bytes: number;
  content_hash: string | null;
  uploaded_by: { id: Id; name: string };
  created_at: Time;
  state: VersionState;
  /** Why the version failed; a sentence for a person. */
  reason: string | null;
  review: ReviewState;
  /** The newest version that is not deleted. */
  current: boolean;
  /** Number of an earlier version of this reviewable with the same bytes. */
  same_bytes_as: number | null;
  footage: Footage | null;
  media: Media | null;
  comment_count: number;
  open_comment_count: number;
  job: Job | null;
}

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export interface Job {
  id: Id;
  kind: string;
  project_id: Id;
  version_id: Id | null;
  subject: string;
  state: JobState;
  /** Thousandths, 0..1000. */
  progress: number;
  phase: string;
  attempts: number;
  error: string | null;
  created_at: Time;
  updated_at: Time;
  cancellable: boolean;
}

export interface Author {
  kind: 'account' | 'guest';
  id: Id;
  name: string;
}

export type MarkColour = 'white' | 'red' | 'yellow' | 'cyan' | 'green';
/** A point in fractions 0..1 of the picture. */
export type Point = [number, number];
export type Shape =
  | { type: 'pen'; colour: MarkColour; points: Point[] }
  | { type: 'arrow'; colour: MarkColour; from: Point; to: Point }
  | { type: 'box'; colour: MarkColour; from: Point; to: Point }
  | { type: 'ellipse'; colour: MarkColour; from: Point; to: Point }
  | { type: 'text'; colour: MarkColour; at: Point; text: string };

export type CommentKind = 'change' | 'question' | 'praise' | 'studio_error' | 'later_stage';
export type Audience = 'everyone' | 'team';
export type CommentStatus = 'open' | 'resolved';

/** First and last frame, both included. */
export interface FrameAnchor {
  type: 'frames';
  first: number;
  last: number;
}

export interface Reply {
  id: Id;
  author: Author;
  text: string;
  audience: Audience;
  created_at: Time;
  edited_at: Time | null;
  mine: boolean;
}

export interface Comment {
  id: Id;
  version_id: Id;
  project_id: Id;
  author: Author;
  anchor: FrameAnchor;
  timecode: string;
  /** Half-open out point, only for ranges. */
  timecode_out: string | null;
  text: string;
  kind: CommentKind;
  audience: Audience;
  status: CommentStatus;
  resolved_by: Author | null;
  resolved_at: Time | null;
  drawing: Shape[] | null;
  has_still: boolean;
  created_at: Time;
  edited_at: Time | null;
  mine: boolean;
  replies: Reply[];
}

export interface NewComment {
  anchor: FrameAnchor;
  text: string;
  kind: CommentKind;
  audience: Audience;
  drawing?: Shape[];
  /** The same key again answers the same comment. */
  client_key: Id;
}

export interface Rights {
  comment: boolean;
  decide: boolean;
  download: boolean;
}

export type ShareTarget = { type: 'newest' } | { type: 'version'; version: Id };

export interface Visitor {
  guest_id: Id;
  name: string | null;
  email: string | null;
  opens: number;
  devices: number;
  last_opened_at: Time;
  watched_percent: number;
}

export interface Share {
  id: Id;
  project_id: Id;
  reviewable_id: Id;
  label: string;
  target: ShareTarget;
  rights: Rights;
  has_passphrase: boolean;
  guests_see_each_other: boolean;
  expires_at: Time | null;
  revoked_at: Time | null;
  created_at: Time;
  created_by: { id: Id; name: string };
  visitors: Visitor[];
}

export interface NewShare {
  reviewable_id: Id;
  label: string;
  target: ShareTarget;
  rights: Rights;
  passphrase?: string;
  expires_at?: Time;
  guests_see_each_other: boolean;
}

export interface ShareWithLink {
  share: Share;
  /** Shown once; only its hash is stored. */
  link: string;
}

export type Outcome = 'approve' | 'approve_with_changes' | 'request_revisions';

export interface Decision {
  id: Id;
  version_id: Id;
  number: number;
  outcome: Outcome;
  by: Author;
  email: string | null;
  identity: 'account' | 'link_only';
  statement: string;
  note: string | null;
  listed_comments: Id[];
  content_hash: string;
  watched_percent: number;
  decided_at: Time;
  superseded: boolean;
}

export interface NewDecision {
  outcome: Outcome;
  content_hash: string;
  /** The full name typed under the statement; the server writes the sentence. */
  statement: string;
  note?: string;
  listed_comments?: Id[];
  client_key: Id;
}

export interface GuestPage {
  studio: { name: string };
  project: { id: Id; name: string; client: string };
  reviewable: { id: Id; name: string; brief: Brief };
  version: Version | null;
  versions: { id: Id; number: number; current: boolean }[];
  rights: Rights;
  share: { id: Id; expires_at: Time | null };
  me: { id: Id; name: string; email: string } | null;
  counts: { comments: number };
}

export interface Setup {
  needed: boolean;
  version: string;
  ffmpeg: string | null;
  sandbox: 'landlock' | 'none';
  warnings: string[];
}

export interface Device {
  id: Id;
  current: boolean;
  user_agent: string;
  created_at: Time;
  last_seen_at: Time;
}

export interface Invitation {
  id: Id;
  email: string;
  role: Role;
  created_at: Time;
  expires_at: Time;
  accepted_at: Time | null;
}

export interface SystemFacts {
  version: string;
  ffmpeg: string | null;
  sandbox: 'landlock' | 'none';
  database: string;
  storage: string;
  free_bytes: number | null;
  total_bytes: number | null;
}

export interface FrameTable {
  time_base: Rate;
  /** Run-length coded frame durations: [ticks, how many frames]. */
  runs: [number, number][];
}

export interface UnfinishedUpload {
  id: Id;
  file_name: string;
  relative_path: string | null;
  bytes: number;
  offset: number;
  reviewable_id: Id | null;
  fingerprint: string | null;
  created_at: Time;
  expires_at: Time;
}

export interface ExportFormat {
  format: string;
  name: string;
  extension: string;
  losses: string[];
  needs_start: boolean;
}

export interface Exports {
  formats: ExportFormat[];
  start_timecode: string | null;
  can_drop: boolean;
}

export type EventKind =
  | 'comment_created'
  | 'comment_changed'
  | 'comment_deleted'
  | 'version_created'
  | 'version_changed'
  | 'version_deleted'
  | 'job_changed'
  | 'share_changed'
  | 'decision_made'
  | 'reviewable_changed'
  | 'project_changed'
  | 'still_ready'
  | 'ended';

export interface ProjectEvent {
  kind: EventKind;
  seq: number;
  version_id?: Id;
  comment?: Comment;
  comment_id?: Id;
  job?: Job;
}
