import type { Audience, CommentKind } from '../api/types';
import type { Draw } from '../annotate/draw.svelte';
import type { Player } from '../player/player.svelte';
import { keepDraft, keptDraft } from './drafts';
import type { Notes } from './notes.svelte';

/** A note being written. Writing pauses play, so that what is stored is what was on screen. */
export class Composer {
  text = $state('');
  kind = $state<CommentKind>('change');
  audience = $state<Audience>('everyone');
  refusal = $state('');
  /** The frame the drawing lies on; a drawing does not move with the playhead. */
  drawnAt = $state<number | null>(null);
  #resume = false;

  readonly first = $derived.by(() => this.player.range?.first ?? this.drawnAt ?? this.player.wanted);
  readonly isEmpty = $derived.by(() => this.text.trim() === '' && this.draw.shapes.length === 0);

  constructor(
    private readonly version: string,
    private readonly player: Player,
    private readonly draw: Draw,
    private readonly notes: Notes,
  ) {}

  /** Takes up what an earlier visit left; true where there was something. */
  restore(): boolean {
    const draft = keptDraft(this.version);
    if (!draft) return false;
    this.text = draft.text;
    this.kind = draft.kind;
    this.audience = draft.audience;
    this.draw.open(draft.drawing);
    this.drawnAt = draft.drawing.length ? draft.drawnAt : null;
    this.player.markIn = draft.markIn;
    this.player.markOut = draft.markOut;
    this.player.wanted = this.player.table.clamp(draft.drawnAt ?? draft.frame);
    return true;
  }

  /** Keeps the draft; call it inside an effect. */
  keep(): void {
    const { text, kind, audience, drawnAt } = this;
    const { markIn, markOut, wanted } = this.player;
    keepDraft(this.version, {
      text,
      kind,
      audience,
      frame: wanted,
      markIn,
      markOut,
      drawing: [...this.draw.shapes],
      drawnAt,
    });
  }

  /** The hand goes to the text or the pen: play stops and the frame snaps. */
  async begin(): Promise<void> {
    this.refusal = '';
    if (this.player.state !== 'playing') return;
    this.#resume = this.player.speed > 0;
    await this.player.pause();
  }

  /** Ties the drawing to the frame on screen with its first mark. */
  tie(): void {
    if (this.draw.shapes.length === 0 && !this.draw.pending && !this.draw.typing) this.drawnAt = null;
    else this.drawnAt ??= this.player.frame ?? this.player.wanted;
  }

  /** Adds the note; play goes on where writing had stopped it. */
  async send(): Promise<void> {
    if (this.isEmpty) {
      this.refusal = 'Write a note or draw on the picture first.';
      return;
    }
    const frame = await this.player.settle();
    if (frame === null) {
      this.refusal = 'The picture is not confirmed yet. Wait for it, then send again.';
      return;
    }
    const at = this.drawnAt ?? frame;
    const anchor = { type: 'frames' as const, ...(this.player.range ?? { first: at, last: at }) };
    const drawing = this.draw.shapes.length ? [...this.draw.shapes] : undefined;
    this.notes.add({ anchor, text: this.text.trim(), kind: this.kind, audience: this.audience, drawing });
    this.#clear();
    if (this.#resume) await this.player.play();
    this.#resume = false;
  }

  #clear(): void {
    this.text = '';
    this.refusal = '';
    this.drawnAt = null;
    this.draw.open([]);
    this.player.clearRange();
  }
}
