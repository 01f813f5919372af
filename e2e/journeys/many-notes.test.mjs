// Two thousand notes on one version.
import assert from 'node:assert/strict';
import { Account } from '../lib/account.mjs';
import { clipsTool, lightClip } from '../lib/clips.mjs';
import { journey, scene } from '../lib/scene.mjs';
import * as steps from '../lib/steps.mjs';

if (!clipsTool) console.log('skipped: two thousand notes (no make-frame-coded-clips on this machine)');
else {
  const COUNT = 2_000;
  const MOST_ROWS = 60;
  let owner;
  const stage = scene('chromium', async ({ server }) => {
    owner = await Account.first(server);
  });

  journey(stage, 'a list of two thousand notes scrolls, keeps few rows, and finds any of them', async () => {
    const project = await owner.project('Many notes');
    const version = await owner.upload(project.id, lightClip().path);
    await writeMany(version);
    const visitor = await stage.visitor(undefined, { account: owner });
    const { page } = visitor;
    await visitor.go(`/projects/${project.id}/versions/${version.id}`);
    await steps.paused(page);
    await page.getByRole('button', { name: `All ${COUNT}` }).waitFor();

    const list = page.getByRole('region', { name: /^Notes by/ });
    const { most, met, gaps } = await list.evaluate(scrollThrough);
    assert.ok(most <= MOST_ROWS, `${most} rows at once`);
    assert.equal(gaps, 0, 'no empty stretch while scrolling');
    assert.equal(met, COUNT, 'every note came by');

    await page.getByRole('button', { name: /^Filter and search/ }).click();
    await page.getByLabel('Search notes').fill('number 1234.');
    await page.keyboard.press('Escape');
    await steps.note(page, 'Note number 1234.').getByRole('button').first().click();
    await steps.paused(page, 1234 % 48);
    assert.equal(await page.locator('li.note').count(), 1);
  });

  async function writeMany(version) {
    const rest = Array.from({ length: COUNT }, (_, number) => number);
    const write = async () => {
      for (let number = rest.pop(); number !== undefined; number = rest.pop()) {
        await owner.comment(version, `Note number ${number}. ${'More words. '.repeat(number % 4)}`, number % 48);
      }
    };
    await Promise.all([write(), write(), write(), write()]);
  }

  /** Scrolls from top to bottom, half a view at a time, as a wheel would. */
  async function scrollThrough(list) {
    const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const met = new Set();
    let most = 0;
    let gaps = 0;
    list.scrollTop = 0;
    for (let rounds = 0; rounds < 5_000; rounds++) {
      await painted();
      const rows = [...list.querySelectorAll('li.note')];
      rows.forEach((row) => met.add(row.dataset.note));
      most = Math.max(most, rows.length);
      const box = list.getBoundingClientRect();
      const seen = rows.some((row) => {
        const { top, bottom } = row.getBoundingClientRect();
        return top < box.bottom && bottom > box.top;
      });
      if (!seen) gaps += 1;
      const before = list.scrollTop;
      list.scrollTop += list.clientHeight / 2;
      if (list.scrollTop === before) break;
    }
    return { most, met: met.size, gaps };
  }
}
