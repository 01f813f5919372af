import type { FrameTable } from '../lib/frames';

export interface Tick {
  /** Fraction of the whole. */
  at: number;
  label: string;
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];
const ROOM_PX = 84;

/** Ticks at round seconds, none nearer than a label needs. Labels never show frames. */
export function ticks(table: FrameTable, width: number): Tick[] {
  const perSecond = width / table.duration;
  const step = STEPS.find((seconds) => seconds * perSecond >= ROOM_PX) ?? 14_400;
  const found: Tick[] = [];
  for (let seconds = 0; seconds < table.duration; seconds += step) {
    const at = table.frameAt(seconds) / table.length;
    // A label that would run over the edge is left out.
    if ((1 - at) * width < 18 && seconds > 0) break;
    found.push({ at, label: clock(seconds) });
  }
  return found;
}

function clock(seconds: number): string {
  const tail = String(seconds % 60).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${tail}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${tail}`;
}
