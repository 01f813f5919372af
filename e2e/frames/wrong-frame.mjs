// The wrong-frame test: clips that carry their frame numbers go through our own upload, are opened in our own player,
// and what is painted is compared with what is said and what a note stores.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { numberInPicture } from '../lib/barcode.mjs';
import { keyframesOf, numbersIn } from '../lib/clips.mjs';
import { seeded } from '../lib/random.mjs';
import { DESKTOP, Visitor } from '../lib/scene.mjs';
import { until } from '../lib/until.mjs';
import { measure } from './measure.mjs';
import { tally } from './tally.mjs';

/** Chooses the clips in the page of a project, as a person would, and gives the ready version of each. */
export async function uploadClips(scene, owner, clips) {
  const project = await owner.project('Wrong frames');
  const visitor = await scene.visitor(DESKTOP, { account: owner });
  await visitor.go(`/projects/${project.id}`);
  const chooser = visitor.page.waitForEvent('filechooser');
  await visitor.page.getByRole('button', { name: 'Choose files' }).click();
  await (await chooser).setFiles(clips.map(({ path }) => path));
  const found = new Map();
  for (const clip of clips) {
    const version = await until(
      `${clip.name} is listed`,
      async () => {
        const reviewables = await owner.get(`/api/projects/${project.id}/reviewables`);
        return reviewables.flatMap(({ versions }) => versions).find((one) => one.file_name === basename(clip.path));
      },
      120_000,
    );
    found.set(clip.name, await owner.ready(project.id, version.id));
  }
  return found;
}

/** Compares source, frame table and proxies of a version; gives what differs, and the proxy's key frames. */
export async function countFrames(owner, version, clip) {
  const base = `/api/projects/${version.project_id}/versions/${version.id}`;
  const { runs } = await owner.get(`${base}/frame-table`);
  const entries = runs.reduce((sum, [, count]) => sum + count, 0);
  const counts = { source: clip.numbers.length, said: version.footage.frame_count, table: entries };
  const folder = mkdtempSync(join(tmpdir(), 'picturelock-proxy-'));
  let keyframes = [];
  try {
    for (const { name } of version.media.proxies) {
      const file = join(folder, name);
      const answer = await owner.request('GET', `${base}/media/${name}`);
      writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
      const numbers = numbersIn(file);
      counts[name] = numbers.every((number, i) => number === clip.numbers[i]) ? numbers.length : 'another sequence';
      keyframes = keyframesOf(file);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { counts, agree: Object.values(counts).every((count) => count === counts.source), keyframes };
}

/**
 * Works the player with one clip in one browser. Gives what later makes the row of the table: the server draws the
 * stills of the notes while other clips are worked.
 */
export async function wrongFrames({ browser, home, owner, version, clip, keyframes, plan, seed = 7 }) {
  const name = browser.browserType().name();
  const { seen, faults } = await inFreshContext(browser, async (context) => {
    await context.addCookies([owner.browserCookie]);
    const visitor = new Visitor(context, home);
    const page = await visitor.newPage();
    const blank = await context.newPage();
    await page.bringToFront();
    await visitor.go(`/projects/${version.project_id}/versions/${version.id}`);
    const seen = await measure({ page, blank, clip, keyframes, plan, random: seeded(seed), signature: name });
    return { seen, faults: [...visitor.faults, ...visitor.foreign] };
  });
  return () =>
    inFreshContext(browser, async (context) => {
      const stored = await storedNotes(owner, version, seen.comments);
      const stills = await stillsOf(owner, await context.newPage(), stored);
      return { clip: clip.name, browser: name, faults, ...tally(clip, seen, stored, stills) };
    });
}

async function inFreshContext(browser, act) {
  const context = await browser.newContext({ viewport: DESKTOP });
  try {
    return await act(context);
  } finally {
    await context.close();
  }
}

/** The notes that were written, once the server has a still of each. */
function storedNotes(owner, version, written) {
  const texts = new Set(written.map(({ text }) => text));
  return until(
    'every note is stored, with a still',
    async () => {
      const mine = (await owner.comments(version)).filter(({ text }) => texts.has(text));
      return mine.length >= texts.size && mine.every(({ has_still }) => has_still) && mine;
    },
    120_000,
  );
}

async function stillsOf(owner, blank, comments) {
  const numbers = new Map();
  for (const { id, project_id } of comments) {
    const answer = await owner.request('GET', `/api/projects/${project_id}/comments/${id}/still.jpg`);
    numbers.set(id, await numberInPicture(blank, Buffer.from(await answer.arrayBuffer())));
  }
  return numbers;
}
