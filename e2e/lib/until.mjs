// Waiting on conditions.
import { setTimeout as pause } from 'node:timers/promises';

/**
 * The first truthy value `look` gives, asked again and again for `limit` milliseconds. Fails with `what` in words.
 * A `look` that throws counts as "not yet"; its last error is told with the failure.
 */
export async function until(what, look, limit = 30_000) {
  const end = Date.now() + limit;
  let last;
  for (;;) {
    try {
      const value = await look();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`waited ${limit / 1000} s in vain: ${what}`, { cause: last });
    await pause(50);
  }
}
