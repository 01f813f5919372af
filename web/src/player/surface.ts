import type { FrameTable } from '../lib/frames';
import type { FrameDecoder } from './decoder';

/** Wide enough for any screen's picture area while small enough to decode backwards without a GPU. */
const WIDTH = 960;

/**
 * The canvas over the `<video>`: shows what the element cannot. The decoder is loaded only when first needed, and
 * only where the browser has WebCodecs (a secure context).
 */
export class Surface {
  #decoder: Promise<FrameDecoder | null> | null = null;
  #url = '';

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly table: FrameTable,
  ) {}

  /** Pictures come from the file at `url` from now on. */
  open(url: string): void {
    this.#forget();
    this.#url = url;
  }

  /** Draws the exact picture of `frame`; false where that is not to be had. */
  async draw(frame: number): Promise<boolean> {
    // Whatever the decoder cannot do, the `<video>` still can.
    this.#decoder ??= this.#load(this.#url).catch(() => null);
    const decoder = await this.#decoder;
    const picture = await decoder?.picture(frame).catch(() => null);
    if (!picture) return false;
    this.#paint(picture, picture.width, picture.height);
    return true;
  }

  /** Keeps the picture of `video` on screen while another file is opened. */
  keep(video: HTMLVideoElement): void {
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) this.#paint(video, video.videoWidth, video.videoHeight);
  }

  clear(): void {
    this.canvas.hidden = true;
  }

  dispose(): void {
    this.#forget();
  }

  #paint(image: CanvasImageSource, width: number, height: number): void {
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    this.canvas.getContext('2d')?.drawImage(image, 0, 0, width, height);
    this.canvas.hidden = false;
  }

  #forget(): void {
    void this.#decoder?.then((decoder) => decoder?.dispose());
    this.#decoder = null;
  }

  async #load(url: string): Promise<FrameDecoder | null> {
    if (!url || !('VideoDecoder' in window)) return null;
    const { FrameDecoder } = await import('./decoder');
    return new FrameDecoder(new URL(url, location.href).href, this.table, WIDTH);
  }
}
