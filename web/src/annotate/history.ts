import type { Shape } from '../api/types';

/** The shapes of a drawing with what was undone of it. Values; every change gives a new one. */
export interface History {
  readonly shapes: readonly Shape[];
  /** Undone shapes, the next to redo last. */
  readonly undone: readonly Shape[];
}

export const EMPTY: History = { shapes: [], undone: [] };

/** Adds a shape; what was undone before can no longer be redone. */
export function add(history: History, shape: Shape): History {
  return { shapes: [...history.shapes, shape], undone: [] };
}

export function undo({ shapes, undone }: History): History {
  const last = shapes.at(-1);
  return last ? { shapes: shapes.slice(0, -1), undone: [...undone, last] } : { shapes, undone };
}

export function redo({ shapes, undone }: History): History {
  const next = undone.at(-1);
  return next ? { shapes: [...shapes, next], undone: undone.slice(0, -1) } : { shapes, undone };
}
