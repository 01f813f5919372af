import type { FrameTable } from '../lib/frames';
import { mediaSentence } from './media-error';
import { ReverseRun } from './reverse';
import { SeekQueue } from './seek-queue';
import { faster, LOUDEST_SPEED, type Speed } from './shuttle';
import { Surface } from './surface';
import { VideoSource } from './video-source';

export type PlayerState = 'loading' | 'seeking' | 'paused' | 'playing' | 'error';

/** Frames first to last, both included. */
export interface FrameRange {
  first: number;
  last: number;
}

/**
 * The player: its state is an integer frame. `frame` is what the picture is known to show, and null while that is
 * unknown; only such a frame may go into a note.
 */
export class Player {
  state = $state<PlayerState>('loading');
  /** The frame on screen; null while a seek is not confirmed. */
  frame = $state<number | null>(null);
  /** The frame asked for last. */
  wanted = $state(0);
  speed = $state<Speed>(0);
  error = $state<string | null>(null);
  /** Waiting for the network during play. */
  waiting = $state(false);
  markIn = $state<number | null>(null);
  markOut = $state<number | null>(null);
  loop = $state(false);
  /** A short loop about one frame, in place of the range. */
  around = $state<FrameRange | null>(null);
  /** Parts already loaded, as fractions of the whole. */
  buffered = $state.raw<[number, number][]>([]);
  /** Told each frame shown while playing forward. */
  onWatched: (frame: number) => void = () => {};

  /** In to out, where both make sense; a single mark reaches to the end of the version. */
  readonly range = $derived.by((): FrameRange | null => {
    if (this.markIn === null && this.markOut === null) return null;
    return { first: this.markIn ?? 0, last: this.markOut ?? this.table.last };
  });

  #source: VideoSource | null = null;
  #surface: Surface | null = null;
  #url = '';
  #reverse: ReverseRun | null = null;
  #onScreen = 0;
  #scrubbing: Speed | null = null;
  #muted = false;
  readonly #queue = new SeekQueue((frame) => this.#settleOn(frame));

  constructor(readonly table: FrameTable) {}

  /** Takes the elements to show on; returns what detaches them. */
  attach(video: HTMLVideoElement, canvas: HTMLCanvasElement): () => void {
    const source = new VideoSource(video, this.table);
    const gone = new AbortController();
    const on = (name: string, act: () => void) => video.addEventListener(name, act, { signal: gone.signal });
    this.#source = source;
    this.#surface = new Surface(canvas, this.table);
    source.onPicture = (frame) => this.#onPicture(frame);
    on('loadedmetadata', () => void this.#queue.request(this.wanted));
    on('error', () => video.error && this.#fail(video.error));
    on('ended', () => this.#onEnded());
    on('waiting', () => (this.waiting = this.state === 'playing'));
    on('playing', () => (this.waiting = false));
    on('progress', () => (this.buffered = bufferedParts(video)));
    on('pause', () => this.state === 'playing' && !video.ended && this.speed > 0 && this.pause());
    return () => {
      gone.abort();
      this.#reverse?.stop();
      source.dispose();
      this.#surface?.dispose();
      this.#source = null;
    };
  }

  /** Opens the proxy at `url` and holds the frame that is wanted. */
  load(url: string): void {
    const video = this.#source?.video;
    if (!video) return;
    this.#hold();
    if (this.#url) this.#surface?.keep(video);
    this.#url = url;
    this.#surface?.open(url);
    this.error = null;
    this.frame = null;
    this.state = 'loading';
    video.src = url;
    video.load();
  }

  /** Tries the same file again after a failure. */
  retry(): void {
    if (this.#url) this.load(this.#url);
  }

  /** Shows `frame`; while playing, play goes on from there. */
  seek(frame: number): Promise<void> {
    const target = this.table.clamp(frame);
    if (this.state === 'playing' && this.speed > 0) {
      this.wanted = this.#onScreen = target;
      this.#source?.jump(target);
      return Promise.resolve();
    }
    if (this.state === 'playing') this.#hold();
    return this.#show(target);
  }

  /** Moves by whole frames, counted from the frame asked for last. */
  step(frames: number): Promise<void> {
    if (this.state === 'playing') this.#hold();
    return this.#show(this.table.clamp(this.wanted + frames));
  }

  /** Moves by about `seconds`, to a frame. */
  stepSeconds(seconds: number): Promise<void> {
    const from = this.state === 'playing' ? this.#onScreen : this.wanted;
    const target = this.table.frameAt(Math.max(0, this.table.inside(from) + seconds));
    return this.seek(target === from ? from + Math.sign(seconds) : target);
  }

  toggle(): Promise<void> {
    return this.state === 'playing' ? this.pause() : this.play();
  }

  /** Plays from here; at the end, from the beginning or the in point. */
  async play(speed: Speed = 1): Promise<void> {
    const source = this.#source;
    if (!source || this.state === 'error' || this.state === 'loading') return;
    if (speed < 0) return this.#playBackwards(speed);
    if (this.state === 'playing' && this.speed < 0) this.#hold();
    const [first, last] = this.#span;
    const rewind = this.wanted >= last || (this.#loops && this.wanted < first);
    if (this.state !== 'playing') await this.#show(rewind ? first : this.wanted);
    if (this.state !== 'paused' && this.state !== 'playing') return;
    source.video.playbackRate = speed;
    source.video.preservesPitch = true;
    source.video.muted = this.#muted || speed > LOUDEST_SPEED;
    this.#onScreen = this.wanted;
    this.speed = speed;
    this.state = 'playing';
    await source.video.play().catch(() => (this.speed > 0 ? this.pause() : undefined));
  }

  /** Stops and snaps: afterwards the number is the picture's. */
  pause(): Promise<void> {
    if (this.state === 'playing') this.#hold();
    return this.#queue.idle();
  }

  /** Pauses and gives the frame that is surely on screen; null when the browser does not confirm one. */
  async settle(): Promise<number | null> {
    await this.pause();
    return this.frame;
  }

  /** L (`1`) or J (`-1`): runs, then faster each time. */
  shuttle(way: 1 | -1): Promise<void> {
    return this.play(faster(this.state === 'playing' ? this.speed : 0, way));
  }

  /** Begins dragging the playhead: play stops until `scrubEnd`. */
  scrubBegin(): void {
    this.#scrubbing = this.state === 'playing' && this.speed > 0 ? this.speed : 0;
    if (this.state === 'playing') this.#hold();
  }

  async scrubEnd(): Promise<void> {
    const speed = this.#scrubbing;
    this.#scrubbing = null;
    await this.#queue.idle();
    if (speed) await this.play(speed);
  }

  setIn(frame = this.#here): void {
    this.markIn = this.table.clamp(frame);
    if (this.markOut !== null && this.markOut < this.markIn) this.markOut = null;
  }

  /** The out point is the last frame inside the range. */
  setOut(frame = this.#here): void {
    this.markOut = this.table.clamp(frame);
    if (this.markIn !== null && this.markIn > this.markOut) this.markIn = null;
  }

  clearRange(): void {
    this.markIn = this.markOut = null;
  }

  /** Loops in to out or the whole; switches a short loop off. */
  toggleLoop(): void {
    this.loop = !this.loop && this.around === null;
    this.around = null;
  }

  /** Plays the second before and after this frame over and over; again to stop that. */
  async loopHere(): Promise<void> {
    if (this.around) {
      this.around = null;
      return this.pause();
    }
    const middle = this.table.inside(this.#here);
    const [first, last] = [this.table.frameAt(Math.max(0, middle - 1)), this.table.frameAt(middle + 1)];
    await this.#show(first);
    this.around = { first, last };
    await this.play();
  }

  setVolume(volume: number, muted: boolean): void {
    this.#muted = muted;
    const video = this.#source?.video;
    if (!video) return;
    video.volume = volume;
    video.muted = muted || this.speed > LOUDEST_SPEED;
  }

  get #here(): number {
    return this.frame ?? this.wanted;
  }

  get #loops(): boolean {
    return this.loop || this.around !== null;
  }

  get #span(): [number, number] {
    const span = this.around ?? (this.loop ? this.range : null);
    return span ? [span.first, span.last] : [0, this.table.last];
  }

  #show(frame: number): Promise<void> {
    this.wanted = frame;
    if (this.state === 'error') return Promise.resolve();
    if (this.frame === frame && this.state === 'paused' && !this.#queue.busy) return Promise.resolve();
    if (this.state === 'loading') return this.#queue.idle();
    this.frame = null;
    this.state = 'seeking';
    return this.#queue.request(frame);
  }

  /** Stops whatever runs and begins the snap to the frame on screen. */
  #hold(): void {
    const source = this.#source;
    if (this.state !== 'playing' || !source) return;
    this.waiting = false;
    this.#reverse?.stop();
    const held = this.speed < 0 ? this.#onScreen : this.table.clamp(source.halt());
    this.#reverse = null;
    this.speed = 0;
    this.state = 'seeking';
    void this.#show(held);
  }

  async #settleOn(frame: number): Promise<void> {
    const source = this.#source;
    if (!source) return;
    if (this.state === 'loading') this.state = 'seeking';
    try {
      const confirmed = (await source.seek(frame)) === 'confirmed';
      if (this.#source !== source || this.wanted !== frame || this.state !== 'seeking') return;
      if (confirmed) this.#surface?.clear();
      else if (!(await this.#surface?.draw(frame))) {
        return this.#fail(
          new Error(`frame ${frame}`),
          'This browser does not confirm which frame it shows. Try again.',
        );
      }
      this.frame = this.#onScreen = frame;
      this.state = 'paused';
    } catch (error) {
      this.#fail(error);
    }
  }

  #onPicture(frame: number): void {
    if (this.state !== 'playing' || this.speed <= 0) return;
    const [first, last] = this.#span;
    if (this.#loops && frame >= last) return this.#again(first);
    // The browser may announce a frame late; a number that runs backwards would be wrong for sure.
    this.#onScreen = Math.max(this.#onScreen, frame);
    this.frame = this.wanted = this.#onScreen;
    this.onWatched(this.#onScreen);
  }

  #onEnded(): void {
    if (this.state !== 'playing') return;
    this.#onScreen = this.table.last;
    if (this.#loops) return this.#again(this.#span[0]);
    this.speed = 0;
    this.state = 'seeking';
    void this.#show(this.table.last);
  }

  #again(first: number): void {
    this.#onScreen = this.wanted = first;
    this.#source?.jump(first);
    void this.#source?.video.play().catch(() => this.pause());
  }

  async #playBackwards(speed: Speed): Promise<void> {
    const source = this.#source;
    const surface = this.#surface;
    if (!source || !surface) return;
    if (this.state === 'playing') this.#hold();
    await this.#queue.idle();
    if (this.state !== 'paused' || this.frame === null) return;
    const run = new ReverseRun(
      this.table,
      (frame) => this.#showBackwards(source, surface, frame),
      (frame) => {
        if (this.#reverse === run) this.frame = this.wanted = this.#onScreen = frame;
      },
    );
    this.#reverse = run;
    this.speed = speed;
    this.state = 'playing';
    await run.run(this.frame, -speed, this.#span[0]);
    if (this.#reverse === run) this.#hold();
  }

  async #showBackwards(source: VideoSource, surface: Surface, frame: number): Promise<boolean> {
    return (await surface.draw(frame)) || (await source.seek(frame)) === 'confirmed';
  }

  #fail(error: unknown, sentence = mediaSentence(error)): void {
    this.#queue.drop();
    this.#reverse?.stop();
    this.speed = 0;
    this.frame = null;
    this.error = sentence;
    this.state = 'error';
  }
}

function bufferedParts(video: HTMLVideoElement): [number, number][] {
  const { buffered, duration } = video;
  if (!(duration > 0)) return [];
  return Array.from({ length: buffered.length }, (_, i) => [buffered.start(i) / duration, buffered.end(i) / duration]);
}
