// The small set of the wrong-frame test, and its negative control. `npm run frames -- --full` runs everything.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Account } from '../lib/account.mjs';
import { installed, launch } from '../lib/browser.mjs';
import { clipsTool, controlClip, makeClips, SMALL_SET } from '../lib/clips.mjs';
import { scene } from '../lib/scene.mjs';
import { control } from './control.mjs';
import { SMALL } from './measure.mjs';
import { isFaultless, table } from './tally.mjs';
import { countFrames, uploadClips, wrongFrames } from './wrong-frame.mjs';

if (!clipsTool) {
  console.log('skipped: wrong frames (no make-frame-coded-clips on this machine)');
} else {
  const facts = new Map();
  let owner;
  const stage = scene('chromium', async (stage) => {
    owner = await Account.first(stage.server);
    const clips = makeClips(SMALL_SET, 8);
    const versions = await uploadClips(stage, owner, clips);
    await stage.leave();
    for (const clip of clips) {
      const version = versions.get(clip.name);
      facts.set(clip.name, { clip, version, ...(await countFrames(owner, version, clip)) });
    }
  });

  test('the proxy has the frames of the source, all and in order', () => {
    for (const [name, { counts, agree }] of facts) assert.ok(agree, `${name}: ${JSON.stringify(counts)}`);
  });

  for (const browserName of ['chromium', 'firefox']) {
    test(`what ${browserName} paints is what the player says and a note stores`, { timeout: 300_000 }, async () => {
      assert.ok(installed(browserName), `${browserName} is not installed`);
      const browser = browserName === 'chromium' ? stage.browser : await launch(browserName);
      const judge = [];
      const rows = [];
      try {
        for (const { clip, version, keyframes } of facts.values()) {
          const home = stage.server.url;
          judge.push(await wrongFrames({ browser, home, owner, version, clip, keyframes, plan: SMALL }));
        }
        for (const row of judge) rows.push(await row());
      } finally {
        if (browser !== stage.browser) await browser.close();
      }
      console.log(table(rows));
      for (const row of rows) assert.ok(isFaultless(row), JSON.stringify(row));
    });
  }

  test('the reader sees wrong frames where there are some: n/fps on a plain video', async () => {
    const { seeks, naive, middle } = await control(stage.browser, controlClip(), 60);
    console.log(`n/fps: ${naive.wrong} of ${seeks} wrong; middle of the frame: ${middle.wrong}`);
    assert.ok(naive.wrong >= seeks * 0.1, `only ${naive.wrong} of ${seeks} wrong`);
    assert.deepEqual([naive.void, middle.wrong, middle.void], [0, 0, 0]);
  });
}
