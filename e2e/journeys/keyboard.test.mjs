// The whole of a client's journey with nothing but a keyboard.
import assert from 'node:assert/strict';
import { Account } from '../lib/account.mjs';
import { clipsTool, lightClip } from '../lib/clips.mjs';
import { journey, scene } from '../lib/scene.mjs';
import { paused } from '../lib/steps.mjs';

if (!clipsTool) console.log('skipped: the keyboard journey (no make-frame-coded-clips on this machine)');
else {
  let version;
  let link;
  let owner;
  const stage = scene('chromium', async ({ server }) => {
    owner = await Account.first(server);
    const project = await owner.project('By keyboard');
    version = await owner.upload(project.id, lightClip().path);
    ({ link } = await owner.share(project.id, version.reviewable_id));
  });

  journey(stage, 'a client opens, watches, writes, draws and decides by keyboard', async () => {
    const { page } = await stage.visitor();
    await page.goto(link);
    await page.getByLabel('Your name').waitFor();
    await tabTo(page, page.getByLabel('Your name'));
    await page.keyboard.type('Kim Keys');
    await page.keyboard.press('Tab');
    await page.keyboard.type('kim@acme.test');
    await page.keyboard.press('Enter');
    await paused(page);

    await page.keyboard.press('g');
    await page.getByTestId('goto-field').and(page.locator(':focus')).waitFor();
    await page.keyboard.type('20');
    await page.keyboard.press('Enter');
    await paused(page, 20);
    await page.keyboard.press('ArrowRight');
    await paused(page, 21);
    await page.keyboard.press('m');
    await page.getByTestId('note-text').and(page.locator(':focus')).waitFor();
    await page.keyboard.type('Written by keyboard');
    await page.keyboard.press('Control+Enter');
    await page.locator('li.note', { hasText: 'Written by keyboard' }).waitFor();
    await page.keyboard.press('Escape');

    await page.keyboard.press('Home');
    await paused(page, 0);
    await drawByKeys(page);

    await tabTo(page, page.getByRole('link', { name: 'Review & decide' }));
    await page.keyboard.press('Enter');
    await decideByKeys(page);
    await assertStored();
  });

  async function drawByKeys(page) {
    await page.keyboard.press('d');
    await page.keyboard.press('b');
    await page.getByRole('application').and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Enter');
    for (let i = 0; i < 8; i++) await page.keyboard.press('Shift+ArrowRight');
    for (let i = 0; i < 8; i++) await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.press('m');
    await page.getByTestId('note-text').and(page.locator(':focus')).waitFor();
    await page.keyboard.type('Drawn by keyboard');
    await page.keyboard.press('Control+Enter');
    await page.locator('li.note', { hasText: 'Drawn by keyboard' }).getByText('Drawing').waitFor();
    for (let i = 0; i < 3; i++) await page.keyboard.press('Escape');
  }

  async function decideByKeys(page) {
    await page.getByRole('heading', { name: /^Decision on/ }).waitFor();
    await tabTo(page, page.getByRole('radio', { name: /^Approve/ }).first());
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.ok(await page.getByRole('radio', { name: /^Request revisions/ }).isChecked(), 'arrows choose');
    await tabTo(page, page.getByRole('checkbox', { name: /^I have authority/ }));
    await page.keyboard.press('Space');
    const name = page.getByLabel('Your full name');
    await tabTo(page, name);
    await name.press('Control+A');
    await page.keyboard.type('Kim Keys');
    await tabTo(page, page.getByRole('button', { name: 'Send decision' }));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Send this decision?' }).and(page.locator(':focus')).waitFor();
    await tabTo(page, page.getByRole('button', { name: 'Send it now' }));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Revisions requested' }).and(page.locator(':focus')).waitFor();
  }

  async function assertStored() {
    const notes = await owner.comments(version);
    const written = notes.find(({ text }) => text === 'Written by keyboard');
    assert.deepEqual([written.anchor.first, written.author.name], [21, 'Kim Keys']);
    const drawn = notes.find(({ text }) => text === 'Drawn by keyboard');
    assert.deepEqual([drawn.anchor.first, drawn.drawing.map(({ type }) => type)], [0, ['box']]);
    const base = `/api/projects/${version.project_id}/versions/${version.id}`;
    const [decision] = await owner.get(`${base}/decisions`);
    assert.deepEqual([decision.outcome, decision.by.name], ['request_revisions', 'Kim Keys']);
  }

  /** Presses Tab until `target` has the focus, which must then be seen. */
  async function tabTo(page, target) {
    await target.waitFor();
    for (let presses = 0; presses < 80; presses++) {
      await page.keyboard.press('Tab');
      if (!(await target.evaluate((element) => element === document.activeElement))) continue;
      const ring = await target.evaluate((element) => {
        const around = [element, element.parentElement, element.parentElement.parentElement];
        const styles = around.flatMap((one) => [getComputedStyle(one), getComputedStyle(one, '::after')]);
        return styles.some(({ outlineStyle, boxShadow }) => outlineStyle !== 'none' || boxShadow !== 'none');
      });
      assert.ok(ring, `the focus is seen on ${target}`);
      return;
    }
    assert.fail(`Tab never reaches ${target}`);
  }
}
