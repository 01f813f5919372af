// Opens a share link in Chromium as a guest, goes on to the film, and prints what was transferred on the way.
import { launch } from '../e2e/lib/browser.mjs';
import { introduce } from '../e2e/lib/steps.mjs';
const link = process.argv[2];
const browser = await launch('chromium');
try {
  const page = await (await browser.newContext()).newPage();
  const network = await page.context().newCDPSession(page);
  const urls = new Map();
  let stage = 'landing';
  const bytes = { landing: 0, review: 0, player: 0 };
  network.on('Network.responseReceived', ({ requestId, response }) => urls.set(requestId, response.url));
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const path = new URL(urls.get(requestId) ?? link).pathname;
    // Data and pictures weigh what the film makes of them.
    if (path.startsWith('/api/')) return;
    if (process.env.PICTURELOCK_VERBOSE) console.error(stage, path, encodedDataLength);
    bytes[/decoder|worker/.test(path) ? 'player' : stage] += encodedDataLength;
  });
  await network.send('Network.enable');
  await page.goto(link);
  await page.getByLabel('Your name').waitFor();
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
  stage = 'review';
  await introduce(page, 'Gwen Guest');
  const kilobytes = (count) => count / 1000;
  console.log(
    JSON.stringify({
      landing_kb: kilobytes(bytes.landing),
      review_kb: kilobytes(bytes.landing + bytes.review),
      player_kb: kilobytes(bytes.player),
      first_paint_s: paint / 1000,
    }),
  );
} finally {
  await browser.close();
}
