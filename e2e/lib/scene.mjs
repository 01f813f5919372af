// A scene: one server, one browser, and the visitors of a journey. What goes wrong on any page is noticed.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { launch } from './browser.mjs';
import { outFolder } from './places.mjs';
import { Server } from './server.mjs';

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** The driver's own empty style, "body {}", which it puts on a page in Firefox to take its picture. */
const DRIVERS_STYLE = 'sha256-YjaKGiklmzC6wjXA513HAMmzus8VE61XCOT+SmwNZWA=';

export class Scene {
  visitors = [];

  async open(browserName) {
    this.server = await Server.start();
    this.browser = await launch(browserName);
  }

  async close() {
    await this.browser?.close();
    await this.server?.stop();
  }

  /** Somebody with a browser of their own: fresh cookies and storage. */
  async visitor(viewport = DESKTOP, { account, ...options } = {}) {
    // Firefox knows no touch emulation over BiDi; narrow pages then simply have a mouse.
    const touch = viewport.width < 600 && this.browser.browserType().name() === 'chromium';
    const context = await this.browser.newContext({ viewport, hasTouch: touch, acceptDownloads: true, ...options });
    if (account) await context.addCookies([account.browserCookie]);
    const visitor = new Visitor(context, this.server.url);
    await visitor.newPage();
    this.visitors.push(visitor);
    return visitor;
  }

  async pictures(name) {
    const folder = outFolder('failures');
    const pages = this.visitors.flatMap(({ context }) => context.pages());
    const file = (index) => join(folder, `${name.replace(/\W+/g, '-').slice(0, 60)}-${index + 1}.png`);
    await Promise.all(pages.map((page, index) => page.screenshot({ path: file(index) }).catch(() => {})));
    return pages.length;
  }

  async leave() {
    const leaving = this.visitors;
    this.visitors = [];
    await Promise.all(leaving.map(({ context }) => context.close().catch(() => {})));
  }
}

export class Visitor {
  /** Requests to other places than the server. */
  foreign = [];
  /** Breaches of the content security policy, and errors nobody caught. */
  faults = [];
  requests = 0;

  constructor(context, home) {
    this.context = context;
    this.home = home;
  }

  /** One more tab, which becomes `page`. */
  async newPage() {
    this.page = await this.context.newPage();
    this.#watch(this.page);
    return this.page;
  }

  go(path) {
    return this.page.goto(new URL(path, this.home).href);
  }

  assertClean() {
    assert.deepEqual(this.foreign, [], 'requests to other places');
    assert.deepEqual(this.faults, [], 'faults on the page');
  }

  #watch(page) {
    page.on('request', (request) => {
      this.requests += 1;
      const { protocol, origin } = new URL(request.url());
      if (['http:', 'https:', 'ws:', 'wss:'].includes(protocol) && origin !== this.home)
        this.foreign.push(request.url());
    });
    const fault = (text) => text.includes(DRIVERS_STYLE) || this.faults.push(text);
    page.on('pageerror', (error) => fault(`${error.message}\n${error.stack}`));
    page.on('console', (message) => {
      if (/Content.Security.Policy|TrustedHTML|TrustedScript/i.test(message.text())) fault(message.text());
    });
    page.on('crash', () => fault('the page crashed'));
  }
}

/** Opens one scene for all journeys of a file. */
export function scene(browserName = 'chromium', prepare = async () => {}) {
  const made = new Scene();
  before(async () => {
    await made.open(browserName);
    await prepare(made);
  });
  after(() => made.close());
  return made;
}

/** A test with pictures of all open pages when it fails; afterwards no page may have had a fault. */
export function journey(scene, name, act) {
  test(name, { timeout: 240_000 }, async () => {
    try {
      await act();
      for (const visitor of scene.visitors) visitor.assertClean();
    } catch (error) {
      const count = await scene.pictures(name);
      console.log(`${count} pictures in e2e/out/failures; the server said last:\n${scene.server.logTail(5)}`);
      for (const { faults } of scene.visitors) if (faults.length > 0) console.log('on the page:', faults.join('\n'));
      throw error;
    } finally {
      await scene.leave();
    }
  });
}
