import type { MarkColour, Point, Shape } from '../api/types';

/** Drawings are laid out on a board this wide, whatever the size on screen; its height follows the picture. */
export const BOARD = 1600;

export const COLOURS: readonly MarkColour[] = ['white', 'red', 'yellow', 'cyan', 'green'];

/** The core of a stroke; its halo is always black. */
export const INK: Record<MarkColour, string> = {
  white: '#ffffff',
  red: '#ff5d52',
  yellow: '#ffd94a',
  cyan: '#54dcff',
  green: '#66e884',
};

export type Tool = Shape['type'];
export const TOOLS: readonly Tool[] = ['pen', 'arrow', 'box', 'ellipse', 'text'];

/** The limits the server keeps. */
const MOST_SHAPES = 200;
const MOST_POINTS = 20_000;
/** Points nearer than this (in fractions of the picture) add nothing to a stroke. */
const NEAREST = 0.0008;
/** A box or arrow smaller than this was a slip of the hand. */
const SMALLEST = 0.004;

/** A shape of `tool` that begins at `at`. */
export function begin(tool: Exclude<Tool, 'text'>, colour: MarkColour, at: Point): Shape {
  const from = inside(at);
  return tool === 'pen' ? { type: 'pen', colour, points: [from] } : { type: tool, colour, from, to: from };
}

/** `shape` drawn on to `to`. */
export function extend(shape: Shape, to: Point): Shape {
  const end = inside(to);
  switch (shape.type) {
    case 'pen': {
      const last = shape.points.at(-1)!;
      if (Math.hypot(end[0] - last[0], end[1] - last[1]) < NEAREST || shape.points.length >= MOST_POINTS) return shape;
      return { ...shape, points: [...shape.points, end] };
    }
    case 'arrow':
    case 'box':
    case 'ellipse':
      return { ...shape, to: end };
    case 'text':
      return { ...shape, at: end };
  }
}

/** Whether `shape` is large enough to be meant. */
export function isMeant(shape: Shape): boolean {
  switch (shape.type) {
    case 'pen':
      return shape.points.length > 0;
    case 'arrow':
    case 'box':
    case 'ellipse':
      return Math.hypot(shape.to[0] - shape.from[0], shape.to[1] - shape.from[1]) >= SMALLEST;
    case 'text':
      return shape.text.trim() !== '';
  }
}

/** Whether one more shape fits into a drawing. */
export function hasRoom(shapes: readonly Shape[]): boolean {
  const points = shapes.reduce((sum, shape) => sum + (shape.type === 'pen' ? shape.points.length : 0), 0);
  return shapes.length < MOST_SHAPES && points < MOST_POINTS;
}

/** The outline of a shape on a board of `BOARD` by `height`; text has none. */
export function outline(shape: Shape, height: number): string {
  const place = ([x, y]: Point): Point => [x * BOARD, y * height];
  switch (shape.type) {
    case 'pen':
      return stroke(shape.points.map(place));
    case 'arrow':
      return arrow(place(shape.from), place(shape.to));
    case 'box': {
      const [[left, top], [right, bottom]] = [place(shape.from), place(shape.to)];
      return `M${n(left)} ${n(top)}H${n(right)}V${n(bottom)}H${n(left)}Z`;
    }
    case 'ellipse': {
      const [[x1, y1], [x2, y2]] = [place(shape.from), place(shape.to)];
      const [rx, ry] = [Math.abs(x2 - x1) / 2, Math.abs(y2 - y1) / 2];
      const middle = (y1 + y2) / 2;
      const [left, right] = [Math.min(x1, x2), Math.max(x1, x2)];
      const half = `A${n(rx)} ${n(ry)} 0 1 1`;
      return `M${n(left)} ${n(middle)}${half} ${n(right)} ${n(middle)}${half} ${n(left)} ${n(middle)}Z`;
    }
    case 'text':
      return '';
  }
}

/** What a drawing consists of, in words: "ellipse, 2 arrows". */
export function inWords(shapes: readonly Shape[]): string {
  const names: Record<Tool, [one: string, many: string]> = {
    pen: ['pen stroke', 'pen strokes'],
    arrow: ['arrow', 'arrows'],
    box: ['box', 'boxes'],
    ellipse: ['ellipse', 'ellipses'],
    text: ['text', 'texts'],
  };
  return TOOLS.flatMap((tool) => {
    const same = shapes.filter((shape) => shape.type === tool);
    if (same.length === 0) return [];
    const words = same.flatMap((shape) => (shape.type === 'text' ? [`“${shape.text}”`] : []));
    const name = same.length === 1 ? names[tool][0] : `${same.length} ${names[tool][1]}`;
    return [words.length ? `${name} ${words.join(', ')}` : name];
  }).join(', ');
}

/** `at` brought onto the picture, rounded to a hundred-thousandth of it. */
export function inside([x, y]: Point): Point {
  return [unit(x), unit(y)];
}

function unit(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1e5) / 1e5;
}

/** A smooth line through the middles between points. */
function stroke(points: Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  if (rest.length === 0) return `M${n(first[0])} ${n(first[1])}h0.01`;
  let path = `M${n(first[0])} ${n(first[1])}`;
  rest.forEach(([x, y], index) => {
    const next = rest[index + 1];
    path += next ? `Q${n(x)} ${n(y)} ${n((x + next[0]) / 2)} ${n((y + next[1]) / 2)}` : `L${n(x)} ${n(y)}`;
  });
  return path;
}

function arrow([x1, y1]: Point, [x2, y2]: Point): string {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const length = Math.min(46, Math.max(18, Math.hypot(x2 - x1, y2 - y1) * 0.4));
  const barb = (turn: number) =>
    `${n(x2 - length * Math.cos(angle + turn))} ${n(y2 - length * Math.sin(angle + turn))}`;
  return `M${n(x1)} ${n(y1)}L${n(x2)} ${n(y2)}M${barb(0.5)}L${n(x2)} ${n(y2)}L${barb(-0.5)}`;
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
