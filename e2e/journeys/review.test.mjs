// The main job, from an empty server to markers for the editing program.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Account } from '../lib/account.mjs';
import { assertGood } from '../lib/checks.mjs';
import { clipsTool, makeClip } from '../lib/clips.mjs';
import { DESKTOP, PHONE, journey, scene } from '../lib/scene.mjs';
import * as steps from '../lib/steps.mjs';
import { until } from '../lib/until.mjs';

if (!clipsTool) console.log('skipped: the review journey (no make-frame-coded-clips on this machine)');
else {
  const stage = scene();

  journey(stage, 'from an empty server to a decision, markers and a revoked link', async () => {
    const clip = makeClip('brand-film', { fps: '24', size: '640x360', seconds: 6 });
    const editor = await stage.visitor();
    const { page } = editor;
    await editor.go('/');
    await steps.setUpStudio(page);
    await steps.makeProject(page, 'Brand film');
    await steps.chooseFiles(page, [clip.path]);
    await steps.openVersion(page, 'brand-film-6s');

    await playAndStep(page);
    await drawAndWrite(page);
    await writeRange(page);

    const link = await share(page);
    const guests = [];
    for (const viewport of [PHONE, DESKTOP]) guests.push(await openAsGuest(viewport, link));
    const [phone, laptop] = guests;
    await draftSurvivesReload(phone.page);
    await steps.writeNote(phone.page, 'The logo is too small on my phone');
    await steps.note(page, 'The logo is too small on my phone').waitFor();
    await answer(page, phone.page);

    await phone.page.getByRole('link', { name: 'Decide' }).click();
    await assertGood(phone.page, 'the decision page on a phone');
    await steps.decide(phone.page, 'Request revisions', { saying: 'A larger logo' });
    await phone.page.getByRole('heading', { name: 'Revisions requested' }).waitFor();
    await page.getByText('Revisions requested').first().waitFor();
    await laptop.page.getByRole('link', { name: 'Review & decide' }).click();
    await steps.decide(laptop.page, 'Approve', { name: 'Lee Laptop' });
    await laptop.page.getByRole('heading', { name: 'Approved' }).waitFor();
    await page.getByText('Approved', { exact: true }).first().waitFor();

    await exportMarkers(page);
    await laptop.page.getByRole('link', { name: 'Back to the film' }).click();
    await laptop.page
      .getByRole('button', { name: /^Watch / })
      .first()
      .click();
    await steps.paused(laptop.page);
    await revoke(page, laptop.page);
  });

  async function playAndStep(page) {
    await steps.goTo(page, 10);
    await page.getByTestId('step-forward').click();
    await steps.paused(page, 11);
    await page.keyboard.press('ArrowLeft');
    await steps.paused(page, 10);
    await page.keyboard.press('Space');
    await page.locator('[data-testid="player"][data-state="playing"]').waitFor();
    await until(
      'the film moves on',
      async () => Number(await page.getByTestId('player').getAttribute('data-frame')) > 15,
    );
    await page.keyboard.press('Space');
    const stopped = await steps.paused(page);
    assert.ok(stopped > 15, `stopped on ${stopped}`);
    await page.keyboard.press('End');
    await steps.paused(page, 143);
    await page.keyboard.press('Home');
    await steps.paused(page, 0);
  }

  async function drawAndWrite(page) {
    await steps.goTo(page, 30);
    await page.getByRole('button', { name: 'Box', exact: true }).click();
    const board = page.getByRole('application', { name: /^Drawing board/ });
    const { x, y, width, height } = await board.boundingBox();
    await page.mouse.move(x + width * 0.3, y + height * 0.4);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.6, y + height * 0.7, { steps: 5 });
    await page.mouse.up();
    await steps.writeNote(page, 'Straighten the horizon');
    await steps.note(page, 'Straighten the horizon').getByText('Drawing').waitFor();
    await steps.goTo(page, 60);
    await steps.note(page, 'Straighten the horizon').getByRole('button').first().click();
    await steps.paused(page, 30);
    await page
      .getByRole('img', { name: /^Drawing by Olive Owner/ })
      .first()
      .waitFor();
  }

  async function writeRange(page) {
    await steps.goTo(page, 48);
    await page.getByRole('button', { name: 'Set in', exact: true }).click();
    await steps.goTo(page, 71);
    await page.getByRole('button', { name: 'Set out = now' }).click();
    await steps.writeNote(page, 'This shot drags');
    await steps.note(page, 'This shot drags').getByText('00:00:02:00 – 00:00:03:00').waitFor();
    await page.getByRole('button', { name: 'Clear range' }).waitFor({ state: 'detached' });
  }

  async function share(page) {
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    await page.getByRole('dialog').waitFor();
    await assertGood(page, 'the share dialog');
    const link = await steps.makeLink(page);
    await page.getByRole('button', { name: 'Close' }).last().click();
    return link;
  }

  async function openAsGuest(viewport, link) {
    const guest = await stage.visitor(viewport);
    const { page } = guest;
    await page.goto(link);
    await page.getByLabel('Your name').waitFor();
    const secret = new URL(link).hash.slice(1);
    assert.equal(new URL(page.url()).hash, '', 'the secret is gone from the address bar');
    assert.ok(!(await page.content()).includes(secret), 'the secret is nowhere on the page');
    await assertGood(page, `the landing page at ${viewport.width}`);
    await steps.introduce(page, viewport === PHONE ? 'Casey Client' : 'Lee Laptop');
    await assertGood(page, `the player of a guest at ${viewport.width}`);
    return guest;
  }

  async function draftSurvivesReload(page) {
    await steps.goTo(page, 90);
    await page.getByTestId('note-text').fill('Half a thought');
    await page.waitForFunction(() => Object.values(localStorage).some((text) => text.includes('Half a thought')));
    await page.reload();
    await steps.paused(page, 90);
    assert.equal(await page.getByTestId('note-text').inputValue(), 'Half a thought');
    await page.getByTestId('note-text').fill('');
  }

  async function answer(page, guestPage) {
    const theirs = steps.note(page, 'The logo is too small on my phone');
    await theirs.getByRole('button').first().click();
    await theirs.getByRole('button', { name: 'Reply' }).click();
    await theirs.getByLabel(/^Reply to Casey/).fill('Larger in the next version');
    await theirs.locator('form').getByRole('button', { name: 'Reply' }).click();
    await theirs.getByText('Larger in the next version').waitFor();
    await steps.note(guestPage, 'The logo is too small on my phone').getByRole('button').first().click();
    await guestPage.getByText('Larger in the next version').waitFor();
    await theirs.getByRole('button', { name: 'Resolve' }).click();
    await steps.note(guestPage, 'The logo is too small on my phone').getByText('Resolved').waitFor();
  }

  async function exportMarkers(page) {
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('radio', { name: /EDL/ }).check();
    await assertGood(page, 'the export menu');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download .edl' }).click();
    const edl = readFileSync(await (await download).path(), 'utf8');
    assert.match(edl, /Straighten the horizon/);
    assert.match(edl, /00:00:01:06/, 'frame 30 at 24 fps');
    await page.keyboard.press('Escape');
  }

  async function revoke(page, guestPage) {
    const media = await guestPage.locator('video').getAttribute('src');
    const read = () => guestPage.evaluate(async (url) => (await fetch(url, { cache: 'no-store' })).status, media);
    assert.equal(await read(), 200);
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    const row = page.getByRole('dialog').getByRole('listitem').filter({ hasText: 'Casey Client' });
    await row.getByRole('button', { name: 'Revoke' }).click();
    await row.getByRole('button', { name: 'Revoke' }).last().click();
    await row.getByText(/revoked/i).waitFor();
    const revoked = Date.now();
    await guestPage.getByRole('heading', { name: 'This link has ended' }).waitFor({ timeout: 5_000 });
    await until('the media are closed', async () => (await read()) >= 400, 5_000 - (Date.now() - revoked));
    const owner = await Account.owner(stage.server);
    const [project] = await owner.get('/api/projects');
    const [closed] = await owner.get(`/api/projects/${project.id}/shares`);
    assert.ok(closed.revoked_at, 'the link is closed for good');
  }
}
