// The wrong-frame test by hand. `--full` is the whole of it: every rate, variable rate, awkward files, cameras.
//   node frames/run.mjs [--full] [--only TEXT] [--browser chromium|firefox] [--seconds N] [--seeks N]
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Account } from '../lib/account.mjs';
import { launch } from '../lib/browser.mjs';
import { clipNames, clipsTool, controlClip, makeClips } from '../lib/clips.mjs';
import { outFolder } from '../lib/places.mjs';
import { Scene } from '../lib/scene.mjs';
import { control } from './control.mjs';
import { FULL, SMALL } from './measure.mjs';
import { isFaultless, table } from './tally.mjs';
import { countFrames, uploadClips, wrongFrames } from './wrong-frame.mjs';

const { values: chosen } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    browser: { type: 'string', multiple: true, default: ['chromium', 'firefox'] },
    seconds: { type: 'string' },
    seeks: { type: 'string' },
  },
});

if (!clipsTool) {
  console.log('skipped: wrong frames (no make-frame-coded-clips on this machine)');
  process.exit(0);
}
const plan = { ...(chosen.full ? FULL : SMALL), ...(chosen.seeks && { seeks: Number(chosen.seeks) }) };
const seconds = Number(chosen.seconds ?? (chosen.full ? 20 : 8));
const names = clipNames('rates,vfr,offsets,camera').filter((name) => name.includes(chosen.only));
const stage = new Scene();
const rows = [];
let miscounted = 0;

await stage.open('chromium');
try {
  const owner = await Account.first(stage.server);
  console.log(`Making ${names.length} clips of ${seconds} s`);
  const clips = makeClips(names, seconds);
  const versions = await uploadClips(stage, owner, clips);
  await stage.leave();
  for (const browserName of chosen.browser) await runIn(browserName, owner, clips, versions);
  const { seeks, naive } = await control(stage.browser, controlClip(), 60);
  console.log(`Control, n/fps in Chromium: ${naive.wrong} of ${seeks} wrong (must not be 0)`);
  if (naive.wrong === 0) miscounted += 1;
} finally {
  await stage.close();
}
const report = `${table(rows)}\nload average ${loadavg()
  .map((load) => load.toFixed(1))
  .join(' ')}\n`;
writeFileSync(join(outFolder('frames'), 'report.txt'), report);
writeFileSync(join(outFolder('frames'), 'report.json'), JSON.stringify(rows, null, 1));
console.log(`\n${report}`);
process.exitCode = miscounted > 0 || rows.some((row) => !isFaultless(row)) ? 1 : 0;

async function runIn(browserName, owner, clips, versions) {
  const browser = browserName === 'chromium' ? stage.browser : await launch(browserName);
  try {
    for (const clip of clips) {
      const version = versions.get(clip.name);
      const { counts, agree, keyframes } = await countFrames(owner, version, clip);
      if (!agree) miscounted += 1;
      if (!agree) console.log(`${clip.name}: frames differ: ${JSON.stringify(counts)}`);
      const judge = await wrongFrames({ browser, home: stage.server.url, owner, version, clip, keyframes, plan });
      const row = await judge();
      rows.push(row);
      console.log(table([row]).split('\n')[1]);
      if (!isFaultless(row)) console.log(JSON.stringify(row.examples), row.faults);
    }
  } finally {
    if (browser !== stage.browser) await browser.close();
  }
}
