import type { MarkColour, Point, Shape } from '../api/types';
import { add, EMPTY, redo, undo, type History } from './history';
import { begin, extend, hasRoom, inside, isMeant, type Tool } from './shapes';

/** Sizes, in fractions of the picture, that S goes through. */
const SIZES = [0.1, 0.2, 0.4, 0.6] as const;

/** A drawing being made on a still frame, by pointer or by keys. */
export class Draw {
  /** The tool in hand; null outside draw mode. */
  tool = $state<Tool | null>(null);
  colour = $state<MarkColour>('white');
  /** The shape under the hand, not yet part of the drawing. */
  pending = $state.raw<Shape | null>(null);
  /** Where words are being typed. */
  typing = $state.raw<Point | null>(null);
  /** Where the keyboard's crosshair stands; null until keys are used. */
  crosshair = $state.raw<Point | null>(null);
  #history = $state.raw<History>(EMPTY);
  #size = -1;

  readonly shapes = $derived(this.#history.shapes);
  readonly canUndo = $derived(this.#history.shapes.length > 0);
  readonly canRedo = $derived(this.#history.undone.length > 0);
  readonly isFull = $derived(!hasRoom(this.#history.shapes));

  /** Takes a tool in hand; the same tool again leaves draw mode. */
  take(tool: Tool): void {
    this.#drop();
    this.tool = this.tool === tool ? null : tool;
    if (!this.tool) this.crosshair = null;
  }

  /** Leaves draw mode; the drawing stays. */
  leave(): void {
    this.#drop();
    this.tool = null;
    this.crosshair = null;
  }

  /** Begins anew with `shapes`, such as those of a kept draft. */
  open(shapes: readonly Shape[]): void {
    this.leave();
    this.#history = { shapes, undone: [] };
  }

  undo(): void {
    if (this.pending || this.typing) this.#drop();
    else this.#history = undo(this.#history);
  }

  redo(): void {
    this.#history = redo(this.#history);
  }

  start(at: Point): void {
    if (!this.tool || this.isFull) return;
    if (this.tool === 'text') this.typing = inside(at);
    else this.pending = begin(this.tool, this.colour, at);
  }

  move(to: Point): void {
    if (this.pending) this.pending = extend(this.pending, to);
  }

  end(): void {
    const shape = this.pending;
    this.pending = null;
    this.#size = -1;
    if (shape && isMeant(shape)) this.#history = add(this.#history, shape);
  }

  /** Ends typing with `text`; nothing is added for no words. */
  write(text: string): void {
    const at = this.typing;
    this.typing = null;
    if (at && text.trim())
      this.#history = add(this.#history, { type: 'text', colour: this.colour, at, text: text.trim() });
  }

  /** Moves the crosshair by fractions of the picture; a shape under way follows. */
  nudge(x: number, y: number): void {
    const [left, top] = this.crosshair ?? [0.5, 0.5];
    this.crosshair = this.crosshair ? inside([left + x, top + y]) : [left, top];
    this.move(this.crosshair);
  }

  /** Enter: starts a shape at the crosshair, or ends the one under way. */
  press(): void {
    if (this.pending) return this.end();
    this.crosshair ??= [0.5, 0.5];
    this.start(this.crosshair);
  }

  /** S: a shape of a set size about the crosshair, the next size each time. */
  nextSize(): void {
    if (!this.tool || this.tool === 'text' || this.tool === 'pen') return;
    const [x, y] = (this.crosshair ??= [0.5, 0.5]);
    this.#size = (this.#size + 1) % SIZES.length;
    const half = SIZES[this.#size]! / 2;
    this.pending = extend(begin(this.tool, this.colour, [x - half, y - half]), [x + half, y + half]);
  }

  #drop(): void {
    this.pending = null;
    this.typing = null;
    this.#size = -1;
  }
}
