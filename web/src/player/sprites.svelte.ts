import type { Sprites } from '../api/types';
import { lastWhere } from '../lib/frames';

/** A piece of a sheet that shows `frame`. */
export interface Tile {
  frame: number;
  sheet: string;
  /** Place in the sheet, in tiles. */
  column: number;
  row: number;
  columns: number;
  rows: number;
}

/** Small pictures of the version, one per key frame, for pointing at a place before the real frame is there. */
export class TileSheets {
  /** Rows of a full sheet, known once the first one is loaded. */
  #rows = $state(0);
  readonly #order: { frame: number; index: number }[];

  /** `url` turns a sheet's name into its address. */
  constructor(
    private readonly sprites: Sprites,
    private readonly url: (name: string) => string,
  ) {
    this.#order = sprites.frames.map((frame, index) => ({ frame, index }));
    const [first] = sprites.sheets;
    if (first) this.#measure(url(first));
  }

  get ratio(): number {
    return this.sprites.tile_width / this.sprites.tile_height;
  }

  /** The tile nearest before `frame`; null before the sheets are there. */
  at(frame: number): Tile | null {
    const found = lastWhere(this.#order, (one) => one.frame <= frame) ?? this.#order[0];
    if (!found || !this.#rows) return null;
    const { columns } = this.sprites;
    const perSheet = columns * this.#rows;
    const sheet = this.sprites.sheets[Math.floor(found.index / perSheet)];
    if (!sheet) return null;
    const inside = found.index % perSheet;
    const place = { column: inside % columns, row: Math.floor(inside / columns), columns, rows: this.#rows };
    return { frame: found.frame, sheet: this.url(sheet), ...place };
  }

  #measure(url: string): void {
    const image = new Image();
    image.onload = () => (this.#rows = Math.max(1, Math.round(image.naturalHeight / this.sprites.tile_height)));
    image.src = url;
  }
}
