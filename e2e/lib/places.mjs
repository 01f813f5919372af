// Where things are: the project, the binary under test, test data, results.
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const binary = process.env.PICTURELOCK_BINARY ?? join(root, 'target/debug/picturelock');
export const shared = process.env.PICTURELOCK_SHARED ?? resolve(root, '../shared');
export const out = join(root, 'e2e/out');

/** A folder below `out`, made if missing. */
export function outFolder(...names) {
  const folder = join(out, ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The path of a file of the shared test data, or null where this machine does not have it. */
export function sharedFile(...names) {
  const path = join(shared, ...names);
  return existsSync(path) ? path : null;
}
