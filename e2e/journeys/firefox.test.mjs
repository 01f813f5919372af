// A client's review in Firefox.
import assert from 'node:assert/strict';
import { Account } from '../lib/account.mjs';
import { installed } from '../lib/browser.mjs';
import { clipsTool, lightClip } from '../lib/clips.mjs';
import { journey, scene } from '../lib/scene.mjs';
import * as steps from '../lib/steps.mjs';

if (!installed('firefox')) console.log('skipped: the review in Firefox (no firefox-esr on this machine)');
else if (!clipsTool) console.log('skipped: the review in Firefox (no make-frame-coded-clips on this machine)');
else {
  let owner;
  let version;
  let link;
  const stage = scene('firefox', async ({ server }) => {
    owner = await Account.first(server);
    const project = await owner.project('In Firefox');
    version = await owner.upload(project.id, lightClip().path);
    ({ link } = await owner.share(project.id, version.reviewable_id));
  });

  journey(stage, 'a client in Firefox watches, writes a note and approves', async () => {
    const { page } = await stage.visitor();
    await page.goto(link);
    await page.getByLabel('Your name').waitFor();
    assert.equal(new URL(page.url()).hash, '');
    await steps.introduce(page, 'Finn Fox');
    await steps.goTo(page, 12);
    await page.getByTestId('step-forward').click();
    await steps.paused(page, 13);
    await page.getByTestId('play').click();
    await page.locator('[data-testid="player"][data-state="playing"]').waitFor();
    await page.getByTestId('play').click();
    const shown = await steps.paused(page);
    await steps.writeNote(page, 'Seen in Firefox');
    await page.getByRole('link', { name: 'Review & decide' }).click();
    await steps.decide(page, 'Approve', { name: 'Finn Fox' });
    await page.getByRole('heading', { name: 'Approved' }).waitFor();

    const [note] = await owner.comments(version);
    assert.deepEqual([note.text, note.anchor.first, note.anchor.last], ['Seen in Firefox', shown, shown]);
    const stored = await owner.get(`/api/projects/${version.project_id}/versions/${version.id}`);
    assert.equal(stored.review, 'approved');
  });
}
