// The two browsers, Debian's own, driven through one API: Chromium by its protocol, Firefox by WebDriver BiDi.
import { existsSync } from 'node:fs';
import { chromium, firefox } from 'playwright-core';

const CHROMIUM_FLAGS = [
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Phones lay their scroll bars over the page.
  '--hide-scrollbars',
  '--autoplay-policy=no-user-gesture-required',
];

const FIREFOX_PREFERENCES = {
  'media.autoplay.default': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'app.update.auto': false,
};

const PLACES = {
  chromium: ['/usr/bin/chromium', '/usr/bin/chromium-browser'],
  firefox: ['/usr/bin/firefox-esr', '/usr/bin/firefox'],
};

/** The browser's program, or null where it is not installed. */
export function installed(name) {
  return PLACES[name].find((path) => existsSync(path)) ?? null;
}

/** Starts `chromium` or `firefox`. */
export function launch(name) {
  const executablePath = installed(name);
  if (!executablePath) throw new Error(`${name} is not installed`);
  if (name === 'firefox') {
    return firefox.launch({
      executablePath,
      channel: 'moz-firefox',
      headless: true,
      firefoxUserPrefs: FIREFOX_PREFERENCES,
    });
  }
  // The flag among the arguments picks the browser's own headless mode; the driver's flag would want another program.
  return chromium.launch({ executablePath, headless: false, chromiumSandbox: false, args: CHROMIUM_FLAGS });
}
