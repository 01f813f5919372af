// Uploads survive what happens to people: closed tabs, servers that die, pauses.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Account } from '../lib/account.mjs';
import { clipsTool, heavyFilm, lightClip } from '../lib/clips.mjs';
import { slowUploads } from '../lib/network.mjs';
import { DESKTOP, journey, scene } from '../lib/scene.mjs';
import * as steps from '../lib/steps.mjs';
import { until } from '../lib/until.mjs';

if (!clipsTool) console.log('skipped: the upload journeys (no make-frame-coded-clips on this machine)');
else {
  // More than the 32 MiB of one part, so that there is a state with one part on the server and one to go.
  const MEGABYTES = 38;
  let owner;
  const stage = scene('chromium', async ({ server }) => {
    owner = await Account.first(server);
  });

  journey(stage, 'an upload goes on after its tab was closed', async () => {
    const film = heavyFilm('closed-tab', MEGABYTES);
    const { project, visitor } = await begin('Closed tab', film);
    const { offset } = await halfWay(project);
    await visitor.page.close();
    await visitor.newPage();
    const offsets = watchOffsets(visitor.page);
    await visitor.go(`/projects/${project.id}`);
    const region = visitor.page.getByRole('region', { name: 'Unfinished uploads' });
    await region.getByText(basename(film)).waitFor();
    await steps.chooseFiles(visitor.page, [film], 'Choose the file');
    await assertArrived(project, film);
    assert.ok(Math.min(...offsets) >= offset, `went on at ${Math.min(...offsets)}, not below ${offset}`);
  });

  journey(stage, 'an upload goes on by itself after the server was killed', async () => {
    const film = heavyFilm('killed-server', MEGABYTES);
    const { project, visitor, quick } = await begin('Killed server', film);
    const { offset } = await halfWay(project);
    await stage.server.kill();
    await visitor.page.getByText('Trying again by itself').first().waitFor();
    const offsets = watchOffsets(visitor.page);
    await stage.server.begin();
    await quick();
    await assertArrived(project, film);
    assert.ok(Math.min(...offsets) >= offset, `went on at ${Math.min(...offsets)}, not below ${offset}`);
  });

  journey(stage, 'an upload can be paused and resumed', async () => {
    const film = heavyFilm('paused', MEGABYTES);
    const { project, visitor, quick } = await begin('Paused', film);
    await halfWay(project);
    const { page } = visitor;
    await page.getByRole('button', { name: `Pause ${basename(film)}` }).click();
    await page.getByText('· paused').waitFor();
    await page.getByRole('heading', { name: '1 upload paused' }).waitFor();
    const [{ offset }] = await owner.get(`/api/projects/${project.id}/uploads`);
    assert.ok(offset < statSync(film).size);
    await quick();
    await page.getByRole('button', { name: `Resume ${basename(film)}` }).click();
    await assertArrived(project, film);
  });

  journey(stage, 'two files and a folder at once; what is no film stays out', async () => {
    const clip = lightClip();
    const folder = mkdtempSync(join(tmpdir(), 'picturelock-card-'));
    const card = join(folder, 'A003');
    mkdirSync(join(card, 'Clips'), { recursive: true });
    const files = ['one.mp4', 'two.mp4', 'A003/C001.mp4', 'A003/Clips/C002.mp4'].map((name) => join(folder, name));
    for (const file of files) copyFileSync(clip.path, file);
    writeFileSync(join(card, 'notes.txt'), 'no film');
    const project = await owner.project('Many at once');
    const { page } = await openProject(project);
    await steps.chooseFiles(page, files.slice(0, 2));
    await steps.chooseFiles(page, card, 'Choose a folder');
    await page.getByText('1 file left out: not films').waitFor();
    const names = ['one.mp4', 'two.mp4', 'C001.mp4', 'C002.mp4'];
    await until(
      'all four are ready',
      async () => {
        const ready = (await versionsOf(project)).filter(({ state }) => state === 'ready');
        return names.every((name) => ready.some(({ file_name }) => file_name === name));
      },
      120_000,
    );
    await page.getByText('4 files uploaded').waitFor();
  });

  journey(stage, 'a file dropped on a card is its next version, and the same bytes are recognised', async () => {
    const clip = lightClip();
    const project = await owner.project('Dropped');
    const first = await owner.upload(project.id, clip.path, { name: 'cut.mp4' });
    const { page } = await openProject(project);
    const target = page.locator(`[data-reviewable="${first.reviewable_id}"]`);
    await target.waitFor();
    const base64 = readFileSync(clip.path).toString('base64');
    const dataTransfer = await page.evaluateHandle((base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], 'cut again.mp4', { type: 'video/mp4' }));
      return transfer;
    }, base64);
    for (const event of ['dragenter', 'dragover', 'drop']) await target.dispatchEvent(event, { dataTransfer });
    await page.getByText('same bytes as v1').first().waitFor();
    const versions = await versionsOf(project);
    assert.deepEqual(
      versions.map(({ number }) => number),
      [2, 1],
    );
  });

  async function openProject(project) {
    const visitor = await stage.visitor(DESKTOP, { account: owner });
    await visitor.go(`/projects/${project.id}`);
    return visitor;
  }

  /** Begins to upload `film`, slowly. */
  async function begin(name, film) {
    const project = await owner.project(name);
    const visitor = await openProject(project);
    const quick = await slowUploads(visitor.page, 8_000_000);
    await steps.chooseFiles(visitor.page, [film]);
    return { project, visitor, quick };
  }

  /** Waits until the server holds a part of the upload, but not all. */
  function halfWay(project) {
    return until('a part has arrived', async () => {
      const [upload] = await owner.get(`/api/projects/${project.id}/uploads`);
      return upload?.offset > 0 && upload.offset < upload.bytes && upload;
    });
  }

  function watchOffsets(page) {
    const offsets = [];
    page.on('request', (request) => {
      if (request.method() === 'PATCH') offsets.push(Number(request.headers()['upload-offset']));
    });
    return offsets;
  }

  async function assertArrived(project, film) {
    const version = await until('the version is listed', async () => (await versionsOf(project))[0], 120_000);
    await owner.ready(project.id, version.id);
    const answer = await owner.request('GET', `/api/projects/${project.id}/versions/${version.id}/original`);
    const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
    assert.equal(hash(Buffer.from(await answer.arrayBuffer())), hash(readFileSync(film)), 'byte for byte');
  }

  async function versionsOf(project) {
    const reviewables = await owner.get(`/api/projects/${project.id}/reviewables`);
    return reviewables.flatMap(({ versions }) => versions);
  }
}
