/** Which rows of a long list are drawn, and how much room the others take. */
export interface Window {
  first: number;
  /** The row after the last drawn. */
  end: number;
  before: number;
  after: number;
}

/** Where rows of unequal height lie. Rows never measured count as `usual`. */
export class RowHeights {
  readonly #heights = new Map<string, number>();

  constructor(private readonly usual: number) {}

  /** Notes a measured height; true when it differs from what was known. */
  measure(key: string, height: number): boolean {
    if (this.#heights.get(key) === height) return false;
    this.#heights.set(key, height);
    return true;
  }

  /** The rows of `keys` within `overscan` pixels of the view. */
  window(keys: readonly string[], top: number, view: number, overscan: number): Window {
    let at = 0;
    let first = -1;
    let before = 0;
    let end = keys.length;
    let drawnTo = 0;
    keys.forEach((key, index) => {
      const height = this.#of(key);
      if (first < 0 && at + height > top - overscan) [first, before] = [index, at];
      if (end === keys.length && first >= 0 && at >= top + view + overscan) [end, drawnTo] = [index, at];
      at += height;
    });
    if (first < 0) return { first: 0, end: 0, before: at, after: 0 };
    return { first, end, before, after: end < keys.length ? at - drawnTo : 0 };
  }

  /** Where the row `key` begins and how high it is; null when it is not in `keys`. */
  place(keys: readonly string[], key: string): { top: number; height: number } | null {
    let at = 0;
    for (const one of keys) {
      if (one === key) return { top: at, height: this.#of(one) };
      at += this.#of(one);
    }
    return null;
  }

  #of(key: string): number {
    return this.#heights.get(key) ?? this.usual;
  }
}
