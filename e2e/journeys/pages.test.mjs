// Every page and dialog: axe finds nothing, nothing is wider than the screen, nothing comes from elsewhere.
import assert from 'node:assert/strict';
import { assertAccessible, assertFits, assertGood } from '../lib/checks.mjs';
import { clipsTool, codedCuts } from '../lib/clips.mjs';
import { DESKTOP, PHONE, journey, scene } from '../lib/scene.mjs';
import { furnish, showSetUp, tour } from '../lib/tour.mjs';

if (!clipsTool) console.log('skipped: the tour of all pages (no make-frame-coded-clips on this machine)');
else {
  const stage = scene();
  let furnished;

  journey(stage, 'the first page of a new server is accessible and fits', async () => {
    for (const viewport of [DESKTOP, PHONE]) {
      const visitor = await stage.visitor(viewport);
      await showSetUp(visitor);
      await assertGood(visitor.page, `set-up at ${viewport.width}`);
    }
    furnished = await furnish(stage.server, codedCuts());
  });

  for (const viewport of [DESKTOP, PHONE]) {
    journey(stage, `every page is accessible and fits at ${viewport.width} pixels`, async () => {
      const faults = [];
      const note = (error) => faults.push(error.message);
      await tour(stage, furnished, viewport, async (page, name) => {
        await assertAccessible(page, name).catch(note);
        if (viewport === PHONE) await assertFits(page, name).catch(note);
      });
      assert.deepEqual(faults, []);
    });
  }
}
