// Words that would be script, and mail scanners that open every link.
import assert from 'node:assert/strict';
import { Account } from '../lib/account.mjs';
import { clipsTool, lightClip } from '../lib/clips.mjs';
import { HOSTILE } from '../lib/hostile-words.mjs';
import { journey, scene } from '../lib/scene.mjs';
import * as steps from '../lib/steps.mjs';

if (!clipsTool) console.log('skipped: hostile words and scanners (no make-frame-coded-clips on this machine)');
else {
  let owner;
  const stage = scene('chromium', async ({ server }) => {
    owner = await Account.first(server);
  });
  const film = () => lightClip().path;

  journey(stage, 'hostile words in names, notes and file names stay words', async () => {
    const project = await owner.project(HOSTILE[0]);
    const name = `${HOSTILE[1].replaceAll('/', '')}.mp4`;
    const version = await owner.upload(project.id, film(), { name });
    const reviewable = `/api/projects/${project.id}/reviewables/${version.reviewable_id}`;
    const brief = { stage: 'fine_cut', look_at: [HOSTILE[2]], ignore: [HOSTILE[3]], decision_maker: HOSTILE[4] };
    await owner.patch(reviewable, { name: HOSTILE[5], brief: { ...brief, answer_by: null } });
    for (const words of HOSTILE) {
      const drawing = [{ type: 'text', colour: 'red', at: [0.2, 0.5], text: words }];
      const note = await owner.comment(version, words, 5, { drawing });
      const reply = { text: words, audience: 'everyone', client_key: crypto.randomUUID() };
      await owner.post(`/api/projects/${project.id}/comments/${note.id}/replies`, reply);
    }
    const { link } = await owner.share(project.id, version.reviewable_id, {}, { label: HOSTILE[6] });
    const guest = await lookAsGuest(link);
    const member = await lookAsMember(project, version);
    for (const { page } of [guest, member]) {
      assert.equal(await page.evaluate(() => globalThis.bitten), undefined);
      assert.equal(await page.locator('iframe, [onerror], [onload], [ontoggle], a[href^="javascript"]').count(), 0);
    }
  });

  journey(stage, 'a scanner that opens every link by GET and HEAD, and in a browser, changes nothing', async () => {
    const project = await owner.project('Scanned');
    const version = await owner.upload(project.id, film());
    const { share, link } = await owner.share(project.id, version.reviewable_id);
    const { link: invitation } = await owner.post('/api/invitations', { email: 'new@studio.test', role: 'editor' });
    const base = `/api/projects/${project.id}/versions/${version.id}`;
    const state = async () => ({
      decisions: await owner.get(`${base}/decisions`),
      review: (await owner.get(base)).review,
      comments: await owner.comments(version),
      share: (({ visitors, ...rest }) => rest)((await owner.get(`/api/projects/${project.id}/shares`))[0]),
      invited: (await owner.get('/api/invitations')).map(({ email, accepted_at }) => [email, accepted_at]),
      people: (await owner.get('/api/people')).length,
    });
    const before = await state();
    const links = [link, invitation, ...pagesOf(project, version, share).map((path) => stage.server.url + path)];
    const scanner = await stage.visitor();
    for (const address of links) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await fetch(address, { method });
        assert.equal(answer.headers.get('set-cookie'), null, `${method} ${address} hands out no session`);
      }
      await scanner.page.goto(address, { waitUntil: 'networkidle' }).catch(() => {});
    }
    assert.deepEqual(await state(), before);
  });

  async function lookAsGuest(link) {
    const visitor = await stage.visitor();
    const { page } = visitor;
    await page.goto(link);
    await page.getByText(HOSTILE[5]).first().waitFor();
    await page.getByText(HOSTILE[2]).first().waitFor();
    await steps.introduce(page, HOSTILE[7]);
    await steps.note(page, HOSTILE[0]).first().waitFor();
    await steps.goTo(page, 5);
    await steps.writeNote(page, `By me: ${HOSTILE[8]}`);
    return visitor;
  }

  async function lookAsMember(project, version) {
    const visitor = await stage.visitor(undefined, { account: owner });
    const { page } = visitor;
    await visitor.go('/');
    await page.getByText(HOSTILE[0]).first().waitFor();
    await visitor.go(`/projects/${project.id}`);
    await page.getByText('onerror').first().waitFor();
    await visitor.go(`/projects/${project.id}/versions/${version.id}/decision`);
    await page.getByRole('radio', { name: /^Approve with changes/ }).check();
    await page.getByText(HOSTILE[1]).first().waitFor();
    await visitor.go(`/projects/${project.id}/versions/${version.id}`);
    await steps.paused(page);
    for (const words of HOSTILE) {
      const row = steps.note(page, words).first();
      await scrollTo(page, row);
      await row.getByRole('button').first().click();
      await row.getByText(words).nth(1).waitFor();
    }
    return visitor;
  }

  async function scrollTo(page, row) {
    const list = page.getByRole('region', { name: /^Notes by/ });
    const painted = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
    await list.evaluate((element) => (element.scrollTop = 0));
    await painted();
    for (let i = 0; i < 40 && (await row.count()) === 0; i++) {
      await list.evaluate((element) => (element.scrollTop += element.clientHeight / 2));
      await painted();
    }
  }

  /** Every address that a message could carry, and every one where something is decided. */
  function pagesOf(project, version, share) {
    const base = `/projects/${project.id}/versions/${version.id}`;
    const changing = ['decisions', 'comments', 'watched', 'exports/edl'].map((name) => `/api${base}/${name}`);
    const guest = ['/review', '/review/watch', '/review/decision', `/s/${share.id}`, `/api/shares/${share.id}/open`];
    const account = ['/sign-in', '/setup', '/invitation', '/api/invitations/accept', '/api/session', '/api/setup'];
    return [...guest, ...account, base, `${base}/decision`, ...changing];
  }
}
