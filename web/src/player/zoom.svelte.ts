const LARGEST = 8;
const STEP = 1.25;

/** How the picture is magnified. Offsets are fractions of the picture, 0 when centred. */
export class Zoom {
  scale = $state(1);
  x = $state(0);
  y = $state(0);

  readonly css = $derived(`translate(${this.x * 100}%, ${this.y * 100}%) scale(${this.scale})`);

  in(): void {
    this.by(STEP);
  }

  out(): void {
    this.by(1 / STEP);
  }

  fit(): void {
    this.scale = 1;
    this.x = this.y = 0;
  }

  /** Magnifies by `factor`, keeping the point `at` (fractions of the unmagnified picture from its middle) in place. */
  by(factor: number, at: { x: number; y: number } = { x: 0, y: 0 }): void {
    const scale = Math.min(LARGEST, Math.max(1, this.scale * factor));
    const ratio = scale / this.scale;
    this.x = at.x - (at.x - this.x) * ratio;
    this.y = at.y - (at.y - this.y) * ratio;
    this.scale = scale;
    this.#stay();
  }

  /** Moves the picture by fractions of its unmagnified size. */
  pan(x: number, y: number): void {
    this.x += x;
    this.y += y;
    this.#stay();
  }

  /** The picture always covers its area. */
  #stay(): void {
    const limit = (this.scale - 1) / 2;
    this.x = Math.min(limit, Math.max(-limit, this.x));
    this.y = Math.min(limit, Math.max(-limit, this.y));
  }
}
