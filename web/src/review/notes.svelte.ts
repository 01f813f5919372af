import { api, Problem, sentenceOf } from '../api/client';
import type { Audience, Author, Comment, CommentKind, Id, NewComment, ProjectEvent } from '../api/types';
import { toasts } from '../ui/toasts.svelte';
import { keepUnsent, keptUnsent } from './drafts';
import { byPlace, chosen, EVERYTHING, type Note, type NoteFilter } from './filters';
import { newKey } from './key';

/** The notes of one version: those the server has, those on their way, which are shown and which is selected. */
export class Notes {
  /** By frame, then time. */
  all = $state.raw<Note[]>([]);
  selected = $state<Id | null>(null);
  filter = $state<NoteFilter>({ ...EVERYTHING });
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  failure = $state('');
  /** What the screen reader is told of changes. */
  said = $state('');

  readonly shown = $derived(chosen(this.all, this.filter));
  readonly open = $derived(this.all.filter((note) => note.status === 'open').length);
  readonly mine = $derived(this.all.filter((note) => note.mine).length);
  readonly current = $derived(this.all.find((note) => note.id === this.selected) ?? null);

  constructor(
    private readonly project: Id,
    private readonly version: Id,
    /** Who writes here; null while a guest has not said. */
    private readonly me: () => Author | null,
    /** The timecode of a frame. */
    private readonly label: (frame: number) => string,
  ) {}

  async load(): Promise<void> {
    this.state = 'loading';
    try {
      const comments = await api.get<Comment[]>(`/api/projects/${this.project}/versions/${this.version}/comments`);
      const sent = new Set(comments.map((comment) => comment.id));
      this.#set([
        ...comments.map((comment) => this.#own(comment)),
        ...this.all.filter((n) => n.unsent && !sent.has(n.id)),
      ]);
      this.state = 'ready';
      this.#resume();
    } catch (error) {
      this.failure = sentenceOf(error);
      this.state = 'failed';
    }
  }

  /** Takes a live change in. */
  hear(event: ProjectEvent): void {
    switch (event.kind) {
      case 'comment_created':
      case 'comment_changed':
        if (event.comment?.version_id === this.version) this.#put(event.comment, event.kind === 'comment_created');
        return;
      case 'comment_deleted':
        if (event.comment_id) this.#remove(event.comment_id);
        return;
      case 'still_ready':
        if (event.comment_id) this.#change(event.comment_id, { has_still: true });
        return;
      default:
        return;
    }
  }

  /** Shows the note at once and sends it; what cannot be sent now stays visible and is tried again. */
  add(body: Omit<NewComment, 'client_key'>): void {
    const whole = { ...body, client_key: newKey() };
    this.#set([...this.all, this.#unsent(whole)]);
    this.selected = whole.client_key;
    this.#keep();
    void this.#send(whole);
  }

  /** Tries again what could not be sent. */
  resend(): void {
    for (const { unsent } of this.all) if (unsent?.state === 'waiting') void this.#send(unsent.body);
  }

  /** Gives up a note that was never sent. */
  discard(id: Id): void {
    this.#remove(id);
    this.#keep();
  }

  async reply(id: Id, text: string, audience: Audience): Promise<void> {
    const body = { text, audience, client_key: newKey() };
    this.#put(await api.post<Comment>(`/api/projects/${this.project}/comments/${id}/replies`, body));
  }

  /** Changes the words or kind of a note, or the words of a reply. */
  async edit(id: Id, change: { text?: string; kind?: CommentKind }): Promise<void> {
    const comment = await api.patch<Comment | undefined>(`/api/projects/${this.project}/comments/${id}`, change);
    if (comment?.anchor) this.#put(comment);
    else await this.load();
  }

  /** Resolves or reopens; shown at once, taken back if the server refuses. */
  async setStatus(note: Note, status: 'open' | 'resolved'): Promise<void> {
    this.#change(note.id, { status, resolved_by: status === 'resolved' ? this.me() : null });
    const verb = status === 'resolved' ? 'resolve' : 'reopen';
    try {
      this.#put(await api.post<Comment>(`/api/projects/${this.project}/comments/${note.id}/${verb}`));
      if (status === 'resolved') {
        toasts.say('Note resolved.', { word: 'Undo', run: () => void this.setStatus(note, 'open') });
      }
    } catch (error) {
      this.#change(note.id, { status: note.status, resolved_by: note.resolved_by });
      toasts.fail(sentenceOf(error));
    }
  }

  async remove(note: Note): Promise<void> {
    this.#remove(note.id);
    try {
      await api.del(`/api/projects/${this.project}/comments/${note.id}`);
      toasts.say('Note deleted.', { word: 'Undo', run: () => void this.#restore(note.id) });
    } catch (error) {
      this.#put(note);
      toasts.fail(sentenceOf(error));
    }
  }

  async removeReply(note: Note, reply: Id): Promise<void> {
    this.#change(note.id, { replies: note.replies.filter((one) => one.id !== reply) });
    try {
      await api.del(`/api/projects/${this.project}/comments/${reply}`);
      toasts.say('Reply deleted.', { word: 'Undo', run: () => void this.#restore(reply) });
    } catch (error) {
      this.#put(note);
      toasts.fail(sentenceOf(error));
    }
  }

  async #restore(id: Id): Promise<void> {
    try {
      this.#put(await api.post<Comment>(`/api/projects/${this.project}/comments/${id}/restore`));
    } catch (error) {
      toasts.fail(sentenceOf(error));
    }
  }

  /** Sends what an earlier visit could not. */
  #resume(): void {
    const known = new Set(this.all.map((note) => note.id));
    const left = keptUnsent(this.version).filter((body) => !known.has(body.client_key));
    this.#set([...this.all, ...left.map((body) => this.#unsent(body))]);
    for (const body of left) void this.#send(body);
  }

  async #send(body: NewComment): Promise<void> {
    const id = body.client_key;
    this.#change(id, { unsent: { body, state: 'sending', why: '' } });
    try {
      const path = `/api/projects/${this.project}/versions/${this.version}/comments`;
      const comment = await api.post<Comment>(path, body);
      const wasSelected = this.selected === id;
      this.#set([...this.all.filter((note) => note.id !== id && note.id !== comment.id), this.#own(comment)]);
      if (wasSelected) this.selected = comment.id;
      this.said = `Note added at ${this.label(comment.anchor.first)}.`;
    } catch (error) {
      const why = error instanceof Problem && error.offline ? 'The server cannot be reached.' : sentenceOf(error);
      this.#change(id, { unsent: { body, state: 'waiting', why } });
      this.said = `The note is not sent yet. ${why}`;
    }
    this.#keep();
  }

  #unsent(body: NewComment): Note {
    const { first, last } = body.anchor;
    return {
      id: body.client_key,
      version_id: this.version,
      project_id: this.project,
      author: this.me() ?? { kind: 'guest', id: '', name: 'You' },
      anchor: body.anchor,
      timecode: this.label(first),
      timecode_out: last > first ? this.label(last + 1) : null,
      text: body.text,
      kind: body.kind,
      audience: body.audience,
      status: 'open',
      resolved_by: null,
      resolved_at: null,
      drawing: body.drawing ?? null,
      has_still: false,
      created_at: new Date().toISOString(),
      edited_at: null,
      mine: true,
      replies: [],
      unsent: { body, state: 'sending', why: '' },
    };
  }

  #keep(): void {
    keepUnsent(
      this.version,
      this.all.flatMap((note) => (note.unsent ? [note.unsent.body] : [])),
    );
  }

  /** Whether a comment is ours is for us to say: a live event is the same for everybody. */
  #own(comment: Comment): Note {
    const me = this.me()?.id;
    const replies = comment.replies.map((reply) => ({ ...reply, mine: reply.mine || reply.author.id === me }));
    return { ...comment, mine: comment.mine || comment.author.id === me, replies };
  }

  #put(comment: Comment, isNew = false): void {
    const known = this.all.some((note) => note.id === comment.id);
    // Our own note comes back as an event, perhaps before the answer to our request.
    const echo = isNew && comment.author.id === this.me()?.id;
    if (!known && isNew && !echo)
      this.said = `New note by ${comment.author.name} at ${this.label(comment.anchor.first)}.`;
    if (!known && echo && this.all.some(({ unsent }) => unsent && sameWords(unsent.body, comment))) return;
    this.#set([...this.all.filter((note) => note.id !== comment.id), this.#own(comment)]);
  }

  #change(id: Id, change: Partial<Note>): void {
    this.all = this.all.map((note) => (note.id === id ? { ...note, ...change } : note));
  }

  #remove(id: Id): void {
    const inside = this.all.find((note) => note.replies.some((reply) => reply.id === id));
    if (inside) this.#change(inside.id, { replies: inside.replies.filter((reply) => reply.id !== id) });
    else this.all = this.all.filter((note) => note.id !== id);
    if (this.selected === id) this.selected = null;
  }

  #set(notes: Note[]): void {
    this.all = notes.sort(byPlace);
  }
}

function sameWords(body: NewComment, comment: Comment): boolean {
  return (
    body.text === comment.text && body.anchor.first === comment.anchor.first && body.anchor.last === comment.anchor.last
  );
}
