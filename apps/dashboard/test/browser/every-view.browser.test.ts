import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { syntheticOrganization } from '../synthetic/organization.ts';
import { expectNoProblems, inBrowser, isSkipped, settled, type Watched } from './harness.ts';
import { viewsOf } from './views.ts';

const organization = syntheticOrganization({ accounts: 6, units: 3 });
const views = Object.entries(viewsOf(organization));
/** A small phone; a window of 1,280 at a zoom of 200 %; a tablet; a laptop; a desk. */
const WIDTHS = [360, 640, 800, 1280, 1440] as const;
/** A4, landscape, within its margins of 12 mm. */
const SHEET = 1032;

describe.skipIf(isSkipped)('every view', () => {
  const { open, url } = inBrowser(organization);
  let strict: Watched;
  // axe is injected as a script, which the policy forbids: the policy is judged in a page of its own.
  let judged: Watched;
  beforeAll(async () => {
    strict = await open();
    judged = await open('', { bypassCSP: true, reducedMotion: 'reduce' });
    await judged.page.evaluate(axe.source);
  });

  it.each(views)(
    'the view %s says its age, keeps to the policy and fits every width and a sheet of paper',
    async (_, hash) => {
      const { page } = strict;
      await page.goto(url(hash));
      await expectNoProblems(strict);
      expect(await page.locator('.as-of').innerText()).toContain('As of 29 Nov 2026, 12:00 UTC');
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
        expect(await page.evaluate(CUT_TABLES), `${width} pixels`).toEqual([]);
      }
      await page.setViewportSize({ width: SHEET, height: 700 });
      await page.emulateMedia({ media: 'print' });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(SHEET);
      expect(await page.evaluate(CUT_ON_PAPER)).toEqual([]);
      await page.emulateMedia({ media: 'screen' });
    },
  );

  it.each(views)('the view %s has no barrier that axe finds, in light and in dark', async (_, hash) => {
    const { page } = judged;
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(url(hash));
    await settled(page);
    expect(await violationsIn(page, "axe.run({ resultTypes: ['violations'] })")).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(
      await violationsIn(page, "axe.run({ runOnly: ['color-contrast'], resultTypes: ['violations'] })"),
    ).toEqual([]);
  });
});

/** What a person would have to scroll sideways to see. */
const CUT_TABLES = `[...document.querySelectorAll('.data-table .scroll')]
  .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
  .map((table) => table.getAttribute('aria-label'))`;

/** What does not fit the width of its place, where nobody can scroll. */
const CUT_ON_PAPER = `[...document.querySelectorAll('.scroll, .chart')]
  .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
  .map(({ className, scrollWidth, clientWidth }) => className + ' ' + scrollWidth + ' ' + clientWidth)`;

const violationsIn = async (page: Page, run: string): Promise<readonly string[]> => {
  const { violations } = (await page.evaluate(run)) as axe.AxeResults;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
};
