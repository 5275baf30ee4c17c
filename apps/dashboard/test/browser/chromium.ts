import { existsSync } from 'node:fs';

import { chromium, type Browser } from 'playwright-core';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
] as const;

/** The browser of the tests: `CHROMIUM=…`, or one of the machine. */
export const findChromium = (): string | undefined => {
  const own = process.env['CHROMIUM'];
  if (own !== undefined && own !== '') return own;
  return INSTALLED.find((path) => existsSync(path));
};

/** @throws {Error} when there is no browser */
export const launchChromium = (): Promise<Browser> => {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('No Chromium: install one, or set CHROMIUM.');
  // A container has no sandbox of its own kind and little shared memory; the pages are ours.
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
};
