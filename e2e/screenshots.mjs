// Pictures of every page, desktop and phone, for people to look at: e2e/out/screenshots.
import { join } from 'node:path';
import { clipsTool, handsomeCuts } from './lib/clips.mjs';
import { outFolder } from './lib/places.mjs';
import { DESKTOP, PHONE, Scene } from './lib/scene.mjs';
import { furnish, showSetUp, tour } from './lib/tour.mjs';

if (!clipsTool) {
  console.log('skipped: screenshots (no make-frame-coded-clips on this machine)');
  process.exit(0);
}
const stage = new Scene();
const folder = outFolder('screenshots');
const sizes = [
  ['desktop', DESKTOP],
  ['phone', PHONE],
];
let count = 0;

await stage.open('chromium');
try {
  for (const [size, viewport] of sizes) {
    const visitor = await stage.visitor(viewport);
    await showSetUp(visitor);
    await shoot(size, visitor.page, 'set up');
  }
  await stage.leave();
  const furnished = await furnish(stage.server, handsomeCuts());
  for (const [size, viewport] of sizes) {
    await tour(stage, furnished, viewport, (page, name) => shoot(size, page, name));
    await stage.leave();
  }
} catch (error) {
  await stage.pictures('screenshots');
  throw error;
} finally {
  await stage.close();
}
console.log(`${count} pictures in ${folder}`);

async function shoot(size, page, name) {
  count += 1;
  const file = `${size}-${String(count).padStart(2, '0')}-${name.replace(/\W+/g, '-')}.png`;
  await page.screenshot({ path: join(folder, file), animations: 'disabled' });
}
