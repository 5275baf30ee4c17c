import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';

import { folderSource, serveDashboard } from '../../src/index.ts';
import type { Synthetic } from '../synthetic/organization.ts';
import { writeData } from '../synthetic/write-data.ts';
import { launchChromium } from './chromium.ts';
import { findChromium } from './find-chromium.ts';

/** Without a browser, a pipeline fails; a developer's machine skips and counts. */
export const isSkipped = findChromium() === undefined && process.env['CI'] !== 'true';

/** A page, and everything that it must not have said. */
export interface Watched {
  readonly page: Page;
  /** Errors of the console, uncaught ones, reports of the policy, requests to anybody else. */
  readonly problems: readonly string[];
  readonly close: () => Promise<void>;
}

const openPage = async (browser: Browser, url: string, options: BrowserContextOptions): Promise<Watched> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (!['127.0.0.1', ''].includes(new URL(request.url()).hostname))
      problems.push(`request: ${request.url()}`);
  });
  await page.exposeFunction('reportViolation', (text: string) => void problems.push(`policy: ${text}`));
  await page.addInitScript(
    `addEventListener('securitypolicyviolation', (event) => reportViolation(event.violatedDirective + ' ' + event.blockedURI));`,
  );
  await page.goto(url);
  await page.waitForSelector('h1');
  return { page, problems, close: () => context.close() };
};

/** A browser, and data that is served, from before the first test of a `describe` to after its last. */
export const inBrowser = (data: Synthetic) => {
  let browser: Browser;
  let served: Awaited<ReturnType<typeof serveData>>;
  beforeAll(async () => {
    browser = await launchChromium();
    served = await serveData(data);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });
  return {
    folder: () => served.folder,
    url: (hash: string) => `${served.url}${hash}`,
    /** Opens a view, or another address, in a page of its own. */
    open: (address = '', options: BrowserContextOptions = {}): Promise<Watched> =>
      openPage(browser, new URL(address, served.url).href, options),
  };
};

/** Serves data from a folder that ends with the test. */
export const serveData = async (data: Synthetic) => {
  const folder = temporaryFolder();
  writeData(folder, data);
  const served = await serveDashboard(folderSource(folder));
  return {
    folder,
    url: served.url,
    close: async () => {
      await served.close();
      rmSync(folder, { recursive: true });
    },
  };
};

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'dashboard-'));

/** Waits until the view shows all that it loads. */
export const settled = async (page: Page): Promise<void> => {
  await page.locator('h1').first().waitFor();
  await page.locator('.loading').first().waitFor({ state: 'detached' });
  // What is drawn later, below what is seen, belongs to the view.
  await page.locator('.later').first().waitFor({ state: 'detached' });
};

/** Waits until nothing is loaded any more, and expects that nothing went wrong. */
export const expectNoProblems = async ({ page, problems }: Watched): Promise<void> => {
  await settled(page);
  expect(problems).toEqual([]);
};
