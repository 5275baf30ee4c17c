import type { launchChromium } from '../../../apps/dashboard/test/browser/chromium.ts';

type Browser = Awaited<ReturnType<typeof launchChromium>>;
type Page = Awaited<ReturnType<Browser['newPage']>>;

export interface FirstPicture {
  /** From the start of the navigation to the frame after the view is complete. */
  readonly ms: number;
  /** As sent, compressed and with headers. */
  readonly bytes: number;
  /** After a collection of garbage. */
  readonly heapBytes: number;
}

export const makeEmptyPage = (): string =>
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Empty</title><h1>Empty</h1></html>';

/** Ends in the page when the view is there, nothing is loaded any more, and the frame with it was drawn. */
const WHEN_DRAWN = `(title) => new Promise((resolve) => {
  const look = () => {
    const heading = document.querySelector('h1');
    const isThere = heading && heading.textContent !== title && !document.querySelector('.loading');
    if (!isThere) return requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
  };
  look();
})`;

/** Opens an address with an empty cache. */
export const openFirst = async (browser: Browser, url: string): Promise<FirstPicture> => {
  const { page, close } = await openPage(browser);
  // Begins with the document, so that asking for it takes no time.
  await page.addInitScript(`globalThis.drawn = (${WHEN_DRAWN})();`);
  await page.goto(url, { waitUntil: 'commit' });
  const ms = Number(await page.evaluate('globalThis.drawn'));
  const bytes = Number(
    await page.evaluate(
      `performance.getEntries().reduce((sum, { transferSize = 0 }) => sum + transferSize, 0)`,
    ),
  );
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  await close();
  return { ms, bytes, heapBytes: usedSize };
};

const VIEWS = {
  accounts: '#/accounts',
  rules: '#/rules',
  framework: '#/framework/cis-7.0',
  remediation: '#/remediation',
  unit: '#/unit/Root%2FDivision-0%2FUnit-00',
  account: '#/account/100000000000',
} as const;

/** How long each view takes that is opened from the first one, in milliseconds. */
export const nextViews = async (browser: Browser, url: string): Promise<Readonly<Record<string, number>>> => {
  const { page, close } = await openPage(browser);
  const times: Record<string, number> = {};
  for (const [name, hash] of Object.entries(VIEWS)) {
    await page.goto(url);
    await page.reload();
    await page.evaluate(`(${WHEN_DRAWN})()`);
    times[name] = Number(
      await page.evaluate(`(async () => {
        const title = document.querySelector('h1').textContent;
        const start = performance.now();
        location.hash = ${JSON.stringify(hash)};
        return (await (${WHEN_DRAWN})(title)) - start;
      })()`),
    );
  }
  await close();
  return times;
};

const openPage = async (browser: Browser): Promise<{ page: Page; close: () => Promise<void> }> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  return { page: await context.newPage(), close: () => context.close() };
};
