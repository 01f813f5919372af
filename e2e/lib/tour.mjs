// Every page and dialog, each brought to the state it is usually seen in.
import { Account } from './account.mjs';
import * as steps from './steps.mjs';

/** Fills a server with what the pages show: `cuts` are the files of two versions. */
export async function furnish(server, cuts) {
  const owner = await Account.first(server);
  const project = await owner.project('Brand film 90 s');
  const empty = await owner.project('Poster campaign');
  const first = await owner.upload(project.id, cuts[0], { name: 'brand-film-v1.mp4' });
  const reviewable = first.reviewable_id;
  await owner.patch(`/api/projects/${project.id}/reviewables/${reviewable}`, {
    name: 'Brand film',
    brief: {
      stage: 'fine_cut',
      look_at: ['Is anything still too long?', 'Are names, titles and claims correct?'],
      ignore: ['Colour, it comes in the next stage', 'Sound levels and final music'],
      answer_by: new Date(Date.now() + 3 * 86_400_000).toISOString(),
      decision_maker: 'Head of marketing',
    },
  });
  const version = await owner.upload(project.id, cuts[1], { reviewable, name: 'brand-film-v2.mp4' });
  await writeNotes(owner, version);
  await owner.post('/api/invitations', { email: 'editor@studio.test', role: 'editor' });
  const invitation = await owner.post('/api/invitations', { email: 'producer@studio.test', role: 'producer' });
  const { link } = await owner.share(project.id, reviewable, {}, { label: 'Head of marketing' });
  const locked = await owner.share(project.id, reviewable, {}, { label: 'Legal', passphrase: 'correct horse' });
  const dead = await owner.share(project.id, reviewable, {}, { label: 'Agency' });
  await owner.delete(`/api/projects/${project.id}/shares/${dead.share.id}`);
  return { owner, project, empty, version, link, locked: locked.link, dead: dead.link, invitation: invitation.link };
}

async function writeNotes(owner, version) {
  const arrow = { type: 'arrow', colour: 'yellow', from: [0.2, 0.7], to: [0.45, 0.5] };
  const ellipse = { type: 'ellipse', colour: 'cyan', from: [0.5, 0.35], to: [0.75, 0.65] };
  await owner.comment(version, 'Hold the logo a beat longer', 40, { drawing: [arrow, ellipse] });
  await owner.comment(version, 'This shot drags', 72, { last: 95 });
  await owner.comment(version, 'Is this claim cleared?', 120, { kind: 'question' });
  await owner.comment(version, 'Grade later, the sky is blown', 150, { kind: 'later_stage', audience: 'team' });
  const done = await owner.comment(version, 'Typo in the title', 12, { kind: 'studio_error' });
  await owner.post(`/api/projects/${version.project_id}/comments/${done.id}/resolve`, {});
}

/** The page of first use, on a server with nothing in it. */
export async function showSetUp(visitor) {
  await visitor.go('/');
  await visitor.page.getByLabel('Studio', { exact: true }).waitFor();
}

/** Pages of the studio: `[name, show(visitor, furnished)]`, shown to somebody signed in. */
export const STUDIO = [
  ['projects', ({ page, go }) => go('/').then(() => page.getByText('Brand film 90 s').first().waitFor())],
  [
    'new project',
    async ({ page }) => {
      await page.getByRole('button', { name: 'New project' }).first().click();
      await page.getByRole('dialog').waitFor();
    },
  ],
  [
    'project without versions',
    ({ page, go }, { empty }) =>
      go(`/projects/${empty.id}`).then(() => page.getByRole('button', { name: 'Choose files' }).waitFor()),
  ],
  [
    'project',
    ({ page, go }, { project }) =>
      go(`/projects/${project.id}`).then(() => page.getByText('brand-film-v2.mp4').waitFor()),
  ],
  [
    'brief',
    async ({ page }) => {
      await page.getByRole('button', { name: 'Brief' }).click();
      await page.getByRole('dialog').waitFor();
    },
  ],
  [
    'share',
    async ({ page, go }, { project }) => {
      await go(`/projects/${project.id}`);
      await page.getByRole('button', { name: 'Share', exact: true }).click();
      await page.getByRole('dialog').getByText('Legal').waitFor();
      await steps.makeLink(page);
    },
  ],
  [
    'delete a version',
    async ({ page, go }, { project }) => {
      await go(`/projects/${project.id}`);
      await page.getByRole('button', { name: 'More about version 1' }).click();
      await page.getByRole('menuitem', { name: 'Delete this version' }).click();
      await page.getByRole('alertdialog').waitFor();
    },
  ],
  [
    'player',
    async ({ page, go }, { project, version }) => {
      await go(`/projects/${project.id}/versions/${version.id}`);
      await steps.paused(page);
      await steps.note(page, 'Hold the logo a beat longer').getByRole('button').first().click();
      await steps.paused(page, 40);
      await steps.note(page, 'Hold the logo a beat longer').getByRole('img').first().waitFor();
    },
  ],
  [
    'go to',
    async ({ page }) => {
      await page.keyboard.press('g');
      await page.getByTestId('goto-field').waitFor();
    },
  ],
  [
    'shortcuts',
    async ({ page, go }, { project, version }) => {
      await go(`/projects/${project.id}/versions/${version.id}`);
      await steps.paused(page);
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  ],
  [
    'filter and search',
    async ({ page, go }, { project, version }) => {
      await go(`/projects/${project.id}/versions/${version.id}`);
      await steps.paused(page);
      await page.getByRole('button', { name: /^Filter and search/ }).click();
      await page.getByLabel('Search notes').waitFor();
    },
  ],
  [
    'drawing',
    async ({ page, go }, { project, version }) => {
      await go(`/projects/${project.id}/versions/${version.id}`);
      await steps.paused(page);
      await page.keyboard.press('d');
      await page.getByRole('button', { name: /^Colour:/ }).waitFor();
    },
  ],
  [
    'earlier version',
    async ({ page, go }, { owner, project, version }) => {
      const reviewable = await owner.get(`/api/projects/${project.id}/reviewables/${version.reviewable_id}`);
      await go(`/projects/${project.id}/versions/${reviewable.versions.at(-1).id}`);
      await page.getByText('You are looking at v1').waitFor();
      await steps.paused(page);
    },
  ],
  [
    'decision by the studio',
    ({ page, go }, { project, version }) =>
      go(`/projects/${project.id}/versions/${version.id}/decision`).then(() =>
        page.getByRole('heading', { name: /^Decision on/ }).waitFor(),
      ),
  ],
  [
    'settings account',
    ({ page, go }) => go('/settings/account').then(() => page.getByText('Devices').first().waitFor()),
  ],
  [
    'settings people',
    ({ page, go }) => go('/settings/people').then(() => page.getByText('editor@studio.test').first().waitFor()),
  ],
  [
    'settings system',
    ({ page, go }) => go('/settings/system').then(() => page.getByText('Landlock').first().waitFor()),
  ],
  [
    'no such page',
    ({ page, go }) => go('/nowhere').then(() => page.getByRole('heading', { name: 'There is no such page' }).waitFor()),
  ],
];

/** Pages that nobody signed in sees, and a client's. Each begins with a fresh browser. */
export const CLIENT = [
  ['sign in', ({ page, go }) => go('/').then(() => page.getByLabel('Email').waitFor())],
  [
    'invitation',
    ({ page }, { invitation }) => page.goto(invitation).then(() => page.getByLabel('Your name').waitFor()),
  ],
  ['landing', ({ page }, { link }) => page.goto(link).then(() => page.getByLabel('Your name').waitFor())],
  ['passphrase', ({ page }, { locked }) => page.goto(locked).then(() => page.getByLabel('Passphrase').waitFor())],
  [
    'revoked link',
    ({ page }, { dead }) =>
      page.goto(dead).then(() => page.getByRole('heading', { name: 'This link was withdrawn' }).waitFor()),
  ],
  [
    'half a link',
    ({ page }, { link }) =>
      page
        .goto(link.split('#')[0])
        .then(() => page.getByRole('heading', { name: 'Open the link once more' }).waitFor()),
  ],
  [
    'wrong link',
    ({ page, go }) =>
      go(`/s/${crypto.randomUUID()}#wrong`).then(() =>
        page.getByRole('heading', { name: 'This link leads nowhere' }).waitFor(),
      ),
  ],
];

/** A client's way, one after the other in one browser. */
export const REVIEW = [
  [
    'client player',
    async ({ page }, { link }) => {
      await page.goto(link);
      await steps.introduce(page, 'Casey Client');
    },
  ],
  [
    'client note',
    async ({ page }) => {
      await steps.note(page, 'This shot drags').getByRole('button').first().click();
      await steps.paused(page, 72);
    },
  ],
  [
    'decision',
    async ({ page, go }) => {
      await go('/review/decision');
      await page
        .getByRole('radio', { name: /^Request revisions/ })
        .first()
        .check();
    },
  ],
  [
    'decision, last look',
    async ({ page }) => {
      await page.getByRole('checkbox', { name: /^I have authority/ }).check();
      await page.getByLabel('Your full name').fill('Casey Client');
      await page.getByRole('button', { name: 'Send decision' }).click();
      await page.getByRole('heading', { name: 'Send this decision?' }).waitFor();
    },
  ],
  [
    'receipt',
    async ({ page }) => {
      await page.getByRole('button', { name: 'Send it now' }).click();
      await page.getByRole('heading', { name: 'Revisions requested' }).waitFor();
    },
  ],
];

/** Shows every page at `viewport` and calls `see(page, name)` for each. */
export async function tour(stage, furnished, viewport, see) {
  const one = async (visitor, [name, show]) => {
    await show({ page: visitor.page, go: (path) => visitor.go(path) }, furnished);
    await see(visitor.page, name);
  };
  const member = await stage.visitor(viewport, { account: furnished.owner });
  for (const stop of STUDIO) await one(member, stop);
  for (const stop of CLIENT) await one(await stage.visitor(viewport), stop);
  const client = await stage.visitor(viewport);
  for (const stop of REVIEW) await one(client, stop);
}
