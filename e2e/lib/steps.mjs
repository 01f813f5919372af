// What people do on the pages, found by the words people see.
import { OWNER } from './account.mjs';

/** Fills the first-run page in and arrives at the projects. */
export async function setUpStudio(page) {
  await page.getByLabel('Studio', { exact: true }).fill(OWNER.studio_name);
  await page.getByLabel('Your name').fill(OWNER.name);
  await page.getByLabel('Email').fill(OWNER.email);
  await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
  await page.getByLabel('Add a sample project').uncheck();
  await page.getByRole('button', { name: 'Create the studio' }).click();
  await page.getByRole('heading', { name: 'No projects yet' }).waitFor();
}

export async function signIn(page) {
  await page.getByLabel('Email').fill(OWNER.email);
  await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Makes a project by its dialog and arrives on its page. */
export async function makeProject(page, name) {
  await page.getByRole('button', { name: 'New project' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New project' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Client').fill('Acme');
  await dialog.getByRole('button', { name: 'Make the project' }).click();
  await page.waitForURL(/\/projects\/[0-9a-f-]+$/);
}

/** Chooses files for uploading, on the page of a project. */
export async function chooseFiles(page, files, button = 'Choose files') {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: button }).click();
  await (await chooser).setFiles(files);
}

/** The card of a reviewable on the page of a project. */
export function card(page, name) {
  return page.getByRole('region', { name, exact: true });
}

/** Opens the newest version of a reviewable once it is ready. */
export async function openVersion(page, name) {
  const link = card(page, name).locator('a.name').first();
  await link.waitFor({ timeout: 120_000 });
  await link.click();
  await paused(page);
}

/** Waits until the player stands on a frame (any without `frame`), and gives it. */
export async function paused(page, frame) {
  const which = frame === undefined ? '' : `[data-frame="${frame}"]`;
  const player = page.locator(`[data-testid="player"][data-state="paused"]${which}`);
  await player.waitFor({ timeout: 30_000 });
  return Number(await player.getAttribute('data-frame'));
}

/** Goes to a frame by key and dialog. */
export async function goTo(page, frame) {
  await page.getByTestId('player').focus();
  await page.keyboard.press('g');
  await page.getByTestId('goto-field').fill(String(frame));
  await page.keyboard.press('Enter');
  await paused(page, frame);
}

/** Writes a note where the player stands. */
export async function writeNote(page, text) {
  await page.getByTestId('note-text').fill(text);
  await page.getByTestId('note-add').click();
  await note(page, text).waitFor();
}

/** The row of a note in the list. */
export function note(page, text) {
  return page.locator('li.note', { hasText: text });
}

/** Makes a link in the open share dialog and gives its address. */
export async function makeLink(page) {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  return dialog.getByLabel(/^The new link for/).inputValue();
}

/** Says who one is on the landing page and begins to watch. */
export async function introduce(page, name, email = 'client@acme.test') {
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel(/^Email/).fill(email);
  await page.getByRole('button', { name: /^Watch and/ }).click();
  await paused(page);
}

/** Decides on the open decision page, through the last look to the receipt. */
export async function decide(page, outcome, { saying, name = 'Casey Client' } = {}) {
  await page
    .getByRole('radio', { name: new RegExp(`^${outcome}`) })
    .first()
    .check();
  if (saying) await page.getByRole('textbox', { name: /^(In a sentence|What should change)/ }).fill(saying);
  await page.getByRole('checkbox', { name: /^I have authority/ }).check();
  await page.getByLabel('Your full name').fill(name);
  await page.getByRole('button', { name: 'Send decision' }).click();
  await page.getByRole('button', { name: 'Send it now' }).click();
}
