import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { syntheticOrganization, type Synthetic } from '../synthetic/organization.ts';
import { launchChromium } from './chromium.ts';
import { expectNoProblems, isSkipped, openPage, serveData } from './harness.ts';

const NAMES = [
  '<img src=x onerror="document.title=1"><script>document.title=1</script>',
  `"quotes' \` and & ampersands`,
  'gnp.\u202Ecod\u202C evil\u0000\u001B[31m',
  'x'.repeat(10_000),
  '=HYPERLINK("http://attacker.example")',
] as const;

const hostile = (): Synthetic => {
  const made = syntheticOrganization({ accounts: 5, units: 2 });
  const nameOf = (index: number) => NAMES[index % NAMES.length] ?? '';
  const { overview } = made;
  return {
    ...made,
    overview: {
      ...overview,
      organization: { id: 'o-1', name: NAMES[0] },
      texts: overview.texts.map((_, index) => nameOf(index)),
      accounts: { ...overview.accounts, name: overview.accounts.name.map((_, index) => nameOf(index)) },
      owners: { ...overview.owners, name: overview.owners.name.map((_, index) => nameOf(index)) },
      exemptions: {
        ...overview.exemptions,
        reason: overview.exemptions.reason.map((_, index) => nameOf(index)),
      },
    },
    accounts: made.accounts.map((account) => ({
      ...account,
      texts: account.texts.map((_, index) => nameOf(index)),
      findings: { ...account.findings, resource: account.findings.resource.map((_, index) => nameOf(index)) },
    })),
  };
};

describe.skipIf(isSkipped)('names that somebody chose to do harm', () => {
  let browser: Browser;
  let served: Awaited<ReturnType<typeof serveData>>;
  beforeAll(async () => {
    browser = await launchChromium();
    served = await serveData(hostile());
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  it.each(['#/', '#/accounts', '#/account/100000000000', '#/owners', '#/exemptions', '#/remediation'])(
    'stay text in the view %s, within its width and with hidden characters shown',
    async (hash) => {
      const watched = await openPage(browser, `${served.url}${hash}`);
      const { page } = watched;
      await expectNoProblems(watched);
      expect(await page.locator('#page img, #page script').count()).toBe(0);
      expect(await page.title()).not.toBe('1');
      // oxlint-disable-next-line no-control-regex -- they are what must not be there.
      expect(await page.locator('body').innerText()).not.toMatch(/[\u202A-\u202E\u0000\u001B]/);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(1280);
      await watched.close();
    },
  );
});
