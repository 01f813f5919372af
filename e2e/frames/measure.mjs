// One clip in one browser: everything the wrong-frame test does to the player, and what came out.
import { barcodeReader, numberInPicture } from '../lib/barcode.mjs';
import { playerProbe } from './probe.mjs';

/** How much of each kind of operation. */
export const SMALL = { seeks: 24, steps: 16, edges: 4, pauses: 3, played: 1_000, every: 24 };
export const FULL = { seeks: 500, steps: 200, edges: Infinity, pauses: 30, played: 10_000, every: 50 };

/**
 * Works the player on `page` through `plan` and tells `{operations, comments, samples, pictures}`: what was asked,
 * said and painted each time, and the numbers seen when notes were written. `blank` is any other page of the browser,
 * `signature` a word for the notes.
 */
export async function measure({ page, blank, clip, keyframes, plan, random, signature }) {
  await page.locator('[data-testid="player"][data-state="paused"]').waitFor({ timeout: 60_000 });
  await page.evaluate(`(${playerProbe})((${barcodeReader})())`);
  const last = clip.numbers.length - 1;
  const anyFrame = () => Math.floor(random() * (last + 1));
  const seen = { operations: [], comments: [], pictures: [], samples: [] };
  const note = (kind, outcome) => seen.operations.push({ kind, ...outcome });

  const seek = (frame) => page.evaluate((frame) => globalThis.probe.goTo(frame), frame);
  note('edge', await seek(0));
  note('edge', await seek(last));
  for (const frame of around(keyframes, last, plan.edges)) note('edge', await seek(frame));

  for (let i = 0; i < plan.seeks; i++) {
    const now = i % plan.every === 0;
    note('seek', now ? await seekByKeyboard(page, anyFrame()) : await seek(anyFrame()));
    if (now) await witness(page, blank, seen, signature);
  }
  for (const by of [1, -1]) {
    await seek(Math.max(0, Math.min(last, Math.round(last / 2) - (by * plan.steps) / 4)));
    for (let i = 0; i < plan.steps / 2 && isInside(seen, by, last); i++) {
      note('step', i % plan.every === 0 ? await stepByKeyboard(page, by) : await stepByButton(page, by));
    }
    await witness(page, blank, seen, signature);
  }
  for (let i = 0; i < plan.pauses; i++) {
    await seek(Math.floor(random() * last * 0.6));
    const frames = 2 + Math.floor(random() * 20);
    note('pause', await page.evaluate((frames) => globalThis.probe.pauseAfter(frames), frames));
    await witness(page, blank, seen, signature);
  }
  await seek(0);
  seen.samples = await page.evaluate((time) => globalThis.probe.play(time), plan.played);
  return seen;
}

/** The five frames about each key frame, or about `count` of them spread over the clip. */
function around(keyframes, last, count) {
  const stride = Math.max(1, Math.ceil(keyframes.length / count));
  const chosen = keyframes.filter((_, index) => index % stride === 0);
  const near = chosen.flatMap((key) => [-3, -2, -1, 0, 1].map((distance) => key + distance));
  return near.filter((frame) => frame >= 0 && frame <= last);
}

function isInside(seen, by, last) {
  const at = seen.operations.at(-1)?.shown ?? 0;
  return seen.operations.at(-1)?.kind !== 'step' || (at + by >= 0 && at + by <= last);
}

async function seekByKeyboard(page, frame) {
  await page.getByTestId('player').focus();
  await page.keyboard.press('g');
  await page.getByTestId('goto-field').fill(String(frame));
  await page.keyboard.press('Enter');
  const outcome = await page.evaluate((frame) => globalThis.probe.result(frame, 0), frame);
  await page.getByTestId('goto-field').waitFor({ state: 'detached' });
  return { ...outcome, ms: undefined };
}

const stepByButton = (page, by) => page.evaluate((by) => globalThis.probe.step(by), by);

async function stepByKeyboard(page, by) {
  await page.getByTestId('player').focus();
  const asked = (await page.evaluate(() => globalThis.probe.shown())) + by;
  await page.keyboard.press(by > 0 ? 'ArrowRight' : 'ArrowLeft');
  return { ...(await page.evaluate((asked) => globalThis.probe.result(asked, 0), asked)), ms: undefined };
}

/** Compares a real screenshot with the canvas read-out, and writes a note about the frame that is on screen. */
async function witness(page, blank, seen, signature) {
  const { shown, painted } = await page.evaluate(() => ({ shown: probe.shown(), painted: probe.painted() }));
  const picture = await page.getByTestId('player').locator('video').screenshot();
  seen.pictures.push({ painted, pictured: await numberInPicture(blank, picture) });
  const text = `${signature} ${seen.comments.length}: seen ${painted}, said ${shown}`;
  await page.getByTestId('note-text').fill(text);
  await page.getByTestId('note-add').click();
  await page.waitForFunction(() => document.querySelector('[data-testid="note-text"]').value === '');
  seen.comments.push({ text, painted, shown });
}
