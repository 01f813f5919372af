import { api } from '../api/client';
import type { Action } from '../player/keys';
import { Draw } from '../annotate/draw.svelte';
import type { Tool } from '../annotate/shapes';
import type { FrameTable } from '../lib/frames';
import { paths } from '../lib/router';
import { FrameLabels } from '../player/labels';
import { Player } from '../player/player.svelte';
import { firstQuality, PlayerPreferences } from '../player/preferences.svelte';
import { TileSheets } from '../player/sprites.svelte';
import { Zoom } from '../player/zoom.svelte';
import type { Footage, Media } from '../api/types';
import { Composer } from './composer.svelte';
import { neighbour, type Note } from './filters';
import { Notes } from './notes.svelte';
import type { Opened } from './opening';
import { WatchedFrames } from './watched';

/** Smooth play may skip this many frames between two callbacks. */
const SKIPPED = 3;

const TOOLS: Partial<Record<Action, Tool>> = {
  tool_pen: 'pen',
  tool_arrow: 'arrow',
  tool_box: 'box',
  tool_ellipse: 'ellipse',
  tool_text: 'text',
};

/** Everything on the review page of one ready version, and what keys and buttons do to it. */
export class Desk {
  readonly labels: FrameLabels;
  readonly player: Player;
  readonly notes: Notes;
  readonly composer: Composer;
  readonly tiles: TileSheets | null;
  readonly zoom = new Zoom();
  readonly draw = new Draw();
  readonly preferences = new PlayerPreferences();
  readonly #watched = new WatchedFrames();

  marksShown = $state(true);
  full = $state(false);
  /** Phone: whether the list takes the room of the picture. */
  tall = $state(false);
  goToOpen = $state(false);
  helpOpen = $state(false);
  replying = $state<string | null>(null);
  /** How much of this version this person has played; null until reported once. */
  watchedPercent = $state<number | null>(null);
  /** Wanted focus: the text of the new note. */
  writing = $state(0);

  readonly quality = $derived.by(() => firstQuality(this.qualities, this.preferences.quality));
  readonly qualities: string[];
  /** Drawings that lie on the frame on screen. */
  readonly drawn = $derived.by(() => this.#drawnHere());

  constructor(
    readonly opened: Opened,
    readonly table: FrameTable,
    readonly footage: Footage,
    readonly media: Media,
  ) {
    const { version } = opened;
    this.labels = new FrameLabels(footage, table);
    this.player = new Player(table);
    this.notes = new Notes(
      version.project_id,
      version.id,
      () => opened.me,
      (frame) => this.labels.of(frame),
    );
    this.composer = new Composer(version.id, this.player, this.draw, this.notes);
    this.tiles = media.sprites && new TileSheets(media.sprites, (name) => this.mediaUrl(name));
    this.qualities = [...media.proxies].sort((a, b) => b.height - a.height).map((proxy) => proxy.name);
    this.player.onWatched = (frame) => this.#watched.add(frame, SKIPPED);
  }

  get ratio(): number {
    return this.footage.width / this.footage.height;
  }

  /** Whether notes may be written here: guests write on the current version only. */
  get mayWrite(): boolean {
    const { rights, version } = this.opened;
    return rights.comment && (rights.team || version.current);
  }

  mediaUrl(name: string): string {
    const { project_id, id } = this.opened.version;
    return api.url(`/api/projects/${project_id}/versions/${id}/media/${name}`);
  }

  /** An address that opens this version at a note. */
  linkTo(note: Note): string {
    const { version, rights } = this.opened;
    const page = rights.team ? paths.version(version.project_id, version.id) : paths.guestWatch();
    return `${location.origin}${page}?comment=${note.id}`;
  }

  /** Loads the notes and goes where the address or a kept draft says. */
  async open(place: URL): Promise<void> {
    const restored = this.mayWrite && this.composer.restore();
    const frame = Number(place.searchParams.get('frame') ?? /^#(?:frame=)?(\d+)$/.exec(place.hash)?.[1] ?? NaN);
    if (Number.isInteger(frame)) void this.player.seek(frame);
    await this.notes.load();
    const comment = place.searchParams.get('comment');
    if (comment) this.select(comment);
    else if (!restored && !Number.isInteger(frame)) return;
  }

  /** Selects a note and shows its frame. */
  select(id: string): void {
    const note = this.notes.all.find((one) => one.id === id);
    if (!note) return;
    this.notes.selected = id;
    if (this.draw.tool && this.draw.shapes.length === 0) this.draw.leave();
    void this.player.pause().then(() => this.player.seek(note.anchor.first));
  }

  /** Selects the next (`1`) or previous (`-1`) note among those given. */
  visit(way: -1 | 1, among: readonly Note[] = this.notes.shown): void {
    const next = neighbour(among, this.player.wanted, this.notes.selected, way);
    if (next) this.select(next.id);
  }

  /** Reports what was played; while leaving the page the request outlives it. */
  async report(leaving: 'leaving' | 'staying'): Promise<void> {
    const ranges = this.#watched.take();
    if (ranges.length === 0) return;
    const { project_id, id } = this.opened.version;
    try {
      const path = `/api/projects/${project_id}/versions/${id}/watched`;
      const answer = await api.post<{ watched_percent: number }>(
        path,
        { ranges },
        { keepalive: leaving === 'leaving' },
      );
      this.watchedPercent = answer.watched_percent;
    } catch {
      this.#watched.giveBack(ranges);
    }
  }

  act(action: Action): void {
    const { player, notes, draw, zoom } = this;
    const tool = TOOLS[action];
    if (tool) return this.drawWith(tool);
    const open = () => notes.shown.filter((note) => note.status === 'open');
    const acts: Partial<Record<Action, () => unknown>> = {
      play: () => player.toggle(),
      reverse: () => player.shuttle(-1),
      stop: () => player.pause(),
      forward: () => player.shuttle(1),
      step_back: () => player.step(-1),
      step_forward: () => player.step(1),
      second_back: () => player.stepSeconds(-1),
      second_forward: () => player.stepSeconds(1),
      first: () => player.seek(0),
      last: () => player.seek(player.table.last),
      go_to: () => this.#ask(),
      set_in: () => player.setIn(),
      set_out: () => player.setOut(),
      go_in: () => player.range && player.seek(player.range.first),
      go_out: () => player.range && player.seek(player.range.last),
      clear_range: () => player.clearRange(),
      loop: () => player.toggleLoop(),
      loop_here: () => player.loopHere(),
      previous_note: () => this.visit(-1),
      next_note: () => this.visit(1),
      next_open: () => this.visit(1, open()),
      previous_open: () => this.visit(-1, open()),
      write_note: () => this.#write(),
      draw_note: () => this.drawWith('pen'),
      reply: () => (this.replying = notes.selected),
      draw: () => (draw.tool ? draw.leave() : this.drawWith('pen')),
      undo: () => draw.undo(),
      redo: () => draw.redo(),
      hide_marks: () => (this.marksShown = !this.marksShown),
      full_screen: () => this.toggleFull(),
      zoom_in: () => zoom.in(),
      zoom_out: () => zoom.out(),
      zoom_fit: () => zoom.fit(),
      help: () => (this.helpOpen = true),
      leave: () => this.#leave(),
    };
    void acts[action]?.();
  }

  /** Takes a drawing tool in hand on the frame on screen. */
  drawWith(tool: Tool): void {
    if (!this.mayWrite) return;
    this.marksShown = true;
    void this.composer.begin();
    if (this.composer.drawnAt !== null) void this.player.seek(this.composer.drawnAt);
    this.draw.take(tool);
  }

  toggleFull(): void {
    this.full = !this.full;
    // Where the browser gives no full screen to pages (iPhone), our own layout still fills the window.
    if (this.full) void document.documentElement.requestFullscreen?.().catch(() => {});
    else if (document.fullscreenElement) void document.exitFullscreen();
  }

  #ask(): void {
    void this.player.pause();
    this.goToOpen = true;
  }

  #write(): void {
    if (!this.mayWrite) return;
    void this.composer.begin();
    this.writing += 1;
  }

  /** Escape: one layer each time. */
  #leave(): void {
    if (this.draw.tool) this.draw.leave();
    else if (this.full) this.toggleFull();
    else if (this.replying) this.replying = null;
    else this.notes.selected = null;
  }

  #drawnHere(): Note[] {
    const frame = this.player.frame;
    if (!this.marksShown || frame === null) return [];
    const here = this.notes.all.filter(
      (note) => note.drawing?.length && note.anchor.first <= frame && frame <= note.anchor.last,
    );
    // The selected note's drawing is the one meant; others would only cover it.
    const meant = here.filter((note) => note.id === this.notes.selected);
    return meant.length ? meant : here;
  }
}
