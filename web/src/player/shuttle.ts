/** Speeds of J K L: 0 stands, negative runs backwards. */
export type Speed = -8 | -4 | -2 | -1 | 0 | 1 | 2 | 4 | 8;

const STEPS = [1, 2, 4, 8] as const;

/** The speed after pressing L (`1`) or J (`-1`) at `speed`: the same way again is faster, the other way turns round. */
export function faster(speed: Speed, way: 1 | -1): Speed {
  if (Math.sign(speed) !== way) return way;
  const next = STEPS.find((step) => step > Math.abs(speed)) ?? 8;
  return (way * next) as Speed;
}

/** Above this speed sound is only noise. */
export const LOUDEST_SPEED = 2;
