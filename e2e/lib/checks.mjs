// What every page must satisfy.
import assert from 'node:assert/strict';
import axe from 'axe-core';

/** No violation of WCAG 2.2 A and AA that axe can see. */
export async function assertAccessible(page, what) {
  const known = await page.evaluate(() => typeof globalThis.axe === 'object');
  if (!known) await page.evaluate(axe.source);
  const { violations } = await page.evaluate(async () => {
    const animations = document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations !== Infinity);
    await Promise.allSettled(animations.map(({ finished }) => finished));
    const only = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
    return globalThis.axe.run(document, { runOnly: only });
  });
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
  assert.deepEqual(told, [], `accessibility of ${what}`);
}

/** Nothing reaches over the right edge, at the page's width and at 320 pixels. */
export async function assertFits(page, what) {
  const viewport = page.viewportSize();
  for (const width of new Set([viewport.width, Math.min(viewport.width, 320)])) {
    await page.setViewportSize({ width, height: viewport.height });
    const wide = await page.evaluate(async () => {
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const { scrollWidth, clientWidth } = document.documentElement;
      if (scrollWidth <= clientWidth) return null;
      const over = [...document.body.querySelectorAll('*')].filter(
        (e) => e.getBoundingClientRect().right > clientWidth + 1,
      );
      const inner = over.filter((e) => !over.some((other) => other !== e && e.contains(other)));
      return inner.map(
        (e) => `${e.tagName.toLowerCase()}.${e.getAttribute('class')} "${e.textContent.trim().slice(0, 40)}"`,
      );
    });
    assert.equal(wide, null, `${what} is wider than ${width} pixels`);
  }
  await page.setViewportSize(viewport);
}

/** Accessible and fitting, in one go. */
export async function assertGood(page, what) {
  await assertAccessible(page, what);
  if (page.viewportSize().width < 600) await assertFits(page, what);
}
