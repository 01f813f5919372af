import type { FrameTable } from '../lib/frames';

/** `peaks.json` as the server makes it: levels from fine to coarse, values −128 to 127. */
export interface PeaksFile {
  sample_rate: number;
  levels: { samples_per_peak: number; min: number[]; max: number[] }[];
}

/**
 * The loudest sample in each of `columns` equal parts of the timeline, 0 to 1. The timeline counts frames, so each
 * part is looked up by the time its frames are shown.
 */
export function loudness(file: PeaksFile, table: FrameTable, columns: number): number[] {
  const level = file.levels.findLast((one) => one.max.length >= columns) ?? file.levels[0];
  if (!level) return [];
  const perSecond = file.sample_rate / level.samples_per_peak;
  const timeAt = (column: number) => table.start(Math.min(table.last, Math.floor((column * table.length) / columns)));
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor(timeAt(column) * perSecond);
    const to = Math.max(from + 1, Math.floor((column + 1 < columns ? timeAt(column + 1) : table.duration) * perSecond));
    let loudest = 0;
    for (let at = from; at < to && at < level.max.length; at += 1) {
      loudest = Math.max(loudest, level.max[at]!, -level.min[at]!);
    }
    return Math.min(1, loudest / 127);
  });
}
