import { chromium, type Browser } from 'playwright-core';

import { findChromium } from './find-chromium.ts';

/** @throws {Error} when there is no browser */
export const launchChromium = (): Promise<Browser> => {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('No Chromium: run make browser, or set CHROMIUM.');
  // A container has no sandbox of its own kind and little shared memory; the pages are ours.
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
};
