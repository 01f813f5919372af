import { ALL_FORMATS, CanvasSink, Input, UrlSource } from 'mediabunny';
import type { FrameTable } from '../lib/frames';

/** Frames decoded together: one group of pictures of our proxies at most rates. */
const BATCH = 12;

type Picture = HTMLCanvasElement | OffscreenCanvas;

/**
 * Decodes exact pictures of a proxy with WebCodecs, for what a `<video>` cannot do: playing backwards, and frames
 * the browser will not confirm. Keeps only the batches around the frame in use.
 */
export class FrameDecoder {
  readonly #input: Input;
  readonly #sink: Promise<CanvasSink>;
  readonly #batches = new Map<number, Promise<Map<number, Picture>>>();

  /** A decoder of the file at `url`; pictures are at most `width` wide. */
  constructor(
    url: string,
    private readonly table: FrameTable,
    width: number,
  ) {
    this.#input = new Input({ source: new UrlSource(url), formats: ALL_FORMATS });
    this.#sink = this.#open(width);
  }

  /** The picture of `frame`; null when the file does not give it. */
  async picture(frame: number): Promise<Picture | null> {
    const batch = Math.floor(frame / BATCH);
    for (const kept of this.#batches.keys()) if (Math.abs(kept - batch) > 2) this.#batches.delete(kept);
    const pictures = this.#batch(batch);
    if (batch > 0) void this.#batch(batch - 1).catch(() => {});
    return (await pictures).get(frame) ?? null;
  }

  dispose(): void {
    this.#batches.clear();
    this.#input.dispose();
  }

  async #open(width: number): Promise<CanvasSink> {
    const track = await this.#input.getPrimaryVideoTrack();
    if (!track || !(await track.canDecode())) throw new Error('this browser cannot decode the proxy');
    return new CanvasSink(track, { width: Math.min(width, await track.getDisplayWidth()) });
  }

  #batch(batch: number): Promise<Map<number, Picture>> {
    let pictures = this.#batches.get(batch);
    if (!pictures) {
      pictures = this.#decode(batch);
      this.#batches.set(batch, pictures);
    }
    return pictures;
  }

  async #decode(batch: number): Promise<Map<number, Picture>> {
    const sink = await this.#sink;
    const first = batch * BATCH;
    const last = Math.min(first + BATCH - 1, this.table.last);
    const pictures = new Map<number, Picture>();
    const end = this.table.start(last) + this.table.durationOf(last);
    for await (const { canvas, timestamp } of sink.canvases(this.table.inside(first), end - 1e-4)) {
      pictures.set(this.table.frameAt(timestamp), canvas);
    }
    return pictures;
  }
}
