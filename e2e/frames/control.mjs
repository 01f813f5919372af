// The negative control: the same reader against seeking to n/fps on a plain <video>. It must see wrong frames, or the
// wrong-frame test is blind.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { barcodeReader } from '../lib/barcode.mjs';
import { binary } from '../lib/places.mjs';
import { plainPage } from '../lib/plain-page.mjs';
import { seeded } from '../lib/random.mjs';

/**
 * Seeks `seeks` times to random frames of `clip` (24 fps) by two formulas, `n/fps` and the middle of the frame, and
 * counts `{naive: {wrong, void}, middle: {wrong, void}, seeks}`.
 */
export async function control(browser, clip, seeks) {
  const folder = mkdtempSync(join(tmpdir(), 'picturelock-control-'));
  const made = execFileSync(binary, ['proxy', clip.path, '--out', join(folder, 'proxy'), '--json'], {
    encoding: 'utf8',
  });
  const plain = await plainPage(JSON.parse(made).proxy);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(plain.url);
    const random = seeded(24);
    const frames = Array.from({ length: seeks }, () => Math.floor(random() * clip.numbers.length));
    const count = async (offset) => {
      const seen = await page.evaluate(seekAndRead, { source: `(${barcodeReader})()`, frames, offset, fps: 24 });
      const wrong = seen.filter((number, i) => number !== null && number !== clip.numbers[frames[i]]).length;
      return { wrong, void: seen.filter((number) => number === null).length };
    };
    return { seeks, naive: await count(0), middle: await count(0.5) };
  } finally {
    await context.close();
    await plain.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function seekAndRead({ source, frames, offset, fps }) {
  const read = (0, eval)(source);
  const video = document.getElementById('video');
  if (video.readyState < 2) await new Promise((done) => video.addEventListener('loadeddata', done, { once: true }));
  const seen = [];
  for (const frame of frames) {
    const seeked = new Promise((done) => video.addEventListener('seeked', done, { once: true }));
    // The picture follows the event, and does not come anew when it stays the same.
    const painted = new Promise((done) => {
      video.requestVideoFrameCallback(done);
      setTimeout(done, 400);
    });
    video.currentTime = (frame + offset) / fps;
    await seeked;
    await painted;
    seen.push(read(video, { x: 0, y: 0, width: video.videoWidth, height: video.videoHeight }));
  }
  return seen;
}
