import type { Zoom } from './zoom.svelte';

export interface GestureActs {
  zoom: Zoom;
  tap(): void;
  /** Twice on the left (`-1`) or right (`1`) third. */
  doubleTapSide(side: -1 | 1): void;
  longPress(): void;
}

const DOUBLE_TAP_MS = 280;
const LONG_PRESS_MS = 550;
const SLIP_PX = 10;

/** Pointer gestures on the picture: tap, double tap, long press, pinch, drag when magnified, wheel with Ctrl. */
export function gestures(acts: GestureActs) {
  return (node: HTMLElement) => {
    const end = new AbortController();
    const { signal } = end;
    const touching = new Map<number, PointerEvent>();
    let travelled = 0;
    let held: ReturnType<typeof setTimeout> | undefined;
    let single: ReturnType<typeof setTimeout> | undefined;
    let many = false;
    let pressed = false;

    const place = (event: { clientX: number; clientY: number }) => {
      const box = node.getBoundingClientRect();
      return { x: (event.clientX - box.left) / box.width - 0.5, y: (event.clientY - box.top) / box.height - 0.5 };
    };

    node.addEventListener(
      'pointerdown',
      (event) => {
        if (event.button !== 0) return;
        node.setPointerCapture(event.pointerId);
        touching.set(event.pointerId, event);
        many = touching.size > 1;
        travelled = 0;
        pressed = false;
        clearTimeout(held);
        if (event.pointerType === 'mouse' || many) return;
        held = setTimeout(() => {
          pressed = true;
          acts.longPress();
        }, LONG_PRESS_MS);
      },
      { signal },
    );

    node.addEventListener(
      'pointermove',
      (event) => {
        const before = touching.get(event.pointerId);
        if (!before) return;
        const box = node.getBoundingClientRect();
        const moved = {
          x: (event.clientX - before.clientX) / box.width,
          y: (event.clientY - before.clientY) / box.height,
        };
        travelled += Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY);
        if (travelled > SLIP_PX) clearTimeout(held);
        const other = [...touching.values()].find((one) => one.pointerId !== event.pointerId);
        touching.set(event.pointerId, event);
        if (other) {
          acts.zoom.by(distance(event, other) / Math.max(1, distance(before, other)), place(middle(event, other)));
          acts.zoom.pan(moved.x / 2, moved.y / 2);
        } else if (acts.zoom.scale > 1) acts.zoom.pan(moved.x, moved.y);
      },
      { signal },
    );

    const up = (event: PointerEvent) => {
      clearTimeout(held);
      const known = touching.delete(event.pointerId);
      if (!known || event.type === 'pointercancel' || travelled > SLIP_PX || many || pressed) return;
      const side = sideOf(place(event).x);
      if (event.pointerType === 'mouse' || side === 0) return acts.tap();
      if (single !== undefined) {
        clearTimeout(single);
        single = undefined;
        return acts.doubleTapSide(side);
      }
      single = setTimeout(() => {
        single = undefined;
        acts.tap();
      }, DOUBLE_TAP_MS);
    };
    node.addEventListener('pointerup', up, { signal });
    node.addEventListener('pointercancel', up, { signal });
    node.addEventListener('contextmenu', (event) => pressed && event.preventDefault(), { signal });
    node.addEventListener(
      'wheel',
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        acts.zoom.by(Math.exp(-event.deltaY / 300), place(event));
      },
      { signal, passive: false },
    );
    return () => end.abort();
  };
}

function sideOf(x: number): -1 | 0 | 1 {
  if (x < -1 / 6) return -1;
  return x > 1 / 6 ? 1 : 0;
}

function distance(a: PointerEvent, b: PointerEvent): number {
  return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
}

function middle(a: PointerEvent, b: PointerEvent) {
  return { clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 };
}
