import { readFileSync } from 'node:fs';

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { manyAccounts } from '../synthetic/many-accounts.ts';
import { syntheticOrganization } from '../synthetic/organization.ts';
import { expectNoProblems, inBrowser, isSkipped, serveData, settled } from './harness.ts';

const organization = syntheticOrganization({ accounts: 12, units: 3 });
const [accountId = ''] = organization.overview.accounts.id;

describe.skipIf(isSkipped)('every hand', () => {
  const { open, url } = inBrowser(organization);

  it('the keyboard alone leads from the organization to the story of a resource and back', async () => {
    const watched = await open();
    const { page } = watched;
    const { keyboard } = page;
    await keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to the content');
    await keyboard.press('Enter');
    await tabTo(page, (name) => name === 'Buckets block public access');
    await keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Buckets block public access' }).waitFor();
    await settled(page);

    await tabTo(page, (name) => name.startsWith('search Find in Findings of S3'));
    await keyboard.type('example.com');
    await tabTo(page, (name) => name.startsWith('Account'));
    await keyboard.press('Enter');
    await tabTo(page, (name) => name.startsWith('checkbox'));
    await keyboard.press('Space');
    await keyboard.press('Escape');
    expect(await focused(page)).toMatch(/^Account/);
    expect(await page.locator('details[open]').count()).toBe(0);
    await tabTo(page, (name) => name === 'CSV');
    const download = page.waitForEvent('download');
    await keyboard.press('Enter');
    const exported = readFileSync(await (await download).path(), 'utf8');
    await tabTo(page, (name) => name === 'Resource');
    await keyboard.press('Enter');
    const rows = page.getByRole('table', { name: /^Findings of S3/ }).locator('tbody tr');
    expect(exported.trim().split('\r\n')).toHaveLength((await rows.count()) + 1);
    const filtered = new URL(page.url()).hash;
    expect(filtered).toContain('find=example.com');
    expect(filtered).toContain('account=');
    expect(filtered).toContain('sort=resource');

    const first = await rows.first().locator('.column-resource').innerText();
    await tabTo(page, (name) => name === first);
    await keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: first }).waitFor();
    await settled(page);
    expect(await page.locator('main').innerText()).toContain('State now');
    await page.goBack();
    await rows.first().waitFor();
    expect(new URL(page.url()).hash).toBe(filtered);
    await expectNoProblems(watched);
    await watched.close();
  });

  it('a filter closes on Escape, on a click outside and when the focus leaves, and keeps within the window', async () => {
    const watched = await open(`#/account/${accountId}`);
    const { page } = watched;
    await settled(page);
    const filter = page.locator('.facet', { hasText: 'State' });
    const summary = filter.locator('summary');
    const isOpen = async () => (await filter.getAttribute('open')) !== null;

    await summary.click();
    await filter.getByRole('checkbox').first().focus();
    await page.keyboard.press('Escape');
    expect(await isOpen()).toBe(false);
    expect(await focused(page)).toMatch(/^State/);

    await summary.click();
    expect(await isOpen()).toBe(true);
    await filter.getByRole('checkbox').first().click();
    expect(await isOpen()).toBe(true);
    await page.locator('h1').click();
    expect(await isOpen()).toBe(false);

    await summary.click();
    await filter.getByRole('checkbox').last().focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await isOpen()).toBe(false);

    for (const width of [360, 760, 1100]) {
      await page.setViewportSize({ width, height: 800 });
      for (const each of await page.locator('.facet').all()) {
        await each.locator('summary').click();
        const box = await each.locator('.popover').boundingBox();
        expect(box?.x).toBeGreaterThanOrEqual(0);
        expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
      }
    }
    await expectNoProblems(watched);
    await watched.close();
  });

  it('a table can be sorted and exported on a phone, and each row says what its values are', async () => {
    const watched = await open('#/accounts', {
      viewport: { width: 360, height: 740 },
    });
    const { page } = watched;
    const row = page.getByRole('table', { name: 'Accounts' }).locator('tbody tr').first();
    await page.getByRole('button', { name: 'Score', exact: true }).click();
    const title = await row.locator('td.title').innerText();
    expect(organization.overview.accounts.name).toContain(title);
    const label = `getComputedStyle(document.querySelector('tbody .column-score'), '::before').content`;
    expect(await page.evaluate(label)).toBe('"Score"');
    // Still a table for a screen reader, although shown as blocks.
    expect(await page.getByRole('row').count()).toBe(organization.overview.accounts.id.length + 1);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'JSON' }).click();
    const rows = JSON.parse(readFileSync(await (await download).path(), 'utf8')) as { name: string }[];
    expect(rows[0]?.name).toBe(title);
    await watched.close();
  });

  it('a printed table has all rows, not those that a window shows, and no controls', async () => {
    const many = await serveData(manyAccounts(organization, 18));
    const watched = await open(`${many.url}#/accounts`);
    const { page } = watched;
    const rows = page.locator('tbody tr:not(.spacer)');
    expect(await rows.count()).toBeLessThan(80);
    // Some thirty rows fit on a sheet.
    expect(sheets(await page.pdf())).toBeGreaterThanOrEqual(6);
    await page.emulateMedia({ media: 'print' });
    await page.locator('tr[aria-rowindex="217"]').waitFor();
    expect(await rows.count()).toBe(216);
    expect(await rows.first().locator('.column-owner').isVisible()).toBe(true);
    // What sorts a table stays as the head of its column.
    expect(await page.locator('button:visible:not(.sort), input:visible, nav:visible').count()).toBe(0);
    await page.emulateMedia({ media: 'screen' });
    await page.locator('.spacer').first().waitFor({ state: 'attached' });
    await expectNoProblems(watched);
    await watched.close();
    await many.close();
  });

  it('a map below what is seen is drawn within a second, and at once when it comes near or is printed', async () => {
    const watched = await open('', { viewport: { width: 1280, height: 400 } });
    const { page } = watched;
    const map = page.getByRole('table', { name: 'Score by unit and requirement' });
    await map.waitFor({ state: 'attached' });
    // From now on, the second does not pass.
    await page.addInitScript(
      'const wait = setTimeout; setTimeout = (run, ms, ...rest) => (ms === 1000 ? 0 : wait(run, ms, ...rest));',
    );
    await page.reload();
    await page.locator('.later').waitFor();
    expect(await map.count()).toBe(0);
    await page.locator('.later').scrollIntoViewIfNeeded();
    await map.waitFor();

    await page.goto('about:blank');
    await page.goto(url('#/'));
    await page.locator('.later').waitFor();
    expect(await map.count()).toBe(0);
    await page.emulateMedia({ media: 'print' });
    await map.waitFor();
    await watched.close();
  });

  it('Back leads to where the view was left, and a link to the top of its view', async () => {
    const watched = await open('#/framework/cis-7.0');
    const { page } = watched;
    await settled(page);
    const link = page.locator('main a[href^="#/requirement/"]').nth(30);
    await link.scrollIntoViewIfNeeded();
    const scrolled = await page.evaluate<number>('scrollY');
    expect(scrolled).toBeGreaterThan(100);
    await link.click();
    await page.getByRole('heading', { level: 1, name: /^CIS|^\d/ }).waitFor();
    await expect.poll(() => page.evaluate('scrollY')).toBe(0);
    await page.goBack();
    await expect.poll(() => page.evaluate('scrollY')).toBe(scrolled);
    await watched.close();
  });

  it('nothing moves for a person who asked for that', async () => {
    const transitions = async (reducedMotion: 'reduce' | 'no-preference') => {
      const watched = await open('', { reducedMotion });
      const durations = await watched.page
        .evaluate(`[...document.querySelectorAll('*')].flatMap((element) => {
        const { transitionDuration, animationName } = getComputedStyle(element);
        return transitionDuration === '0s' && animationName === 'none' ? [] : [element.tagName];
      })`);
      await watched.close();
      return durations;
    };
    expect(await transitions('reduce')).toEqual([]);
    expect(await transitions('no-preference')).not.toEqual([]);
  });
});

/** How many sheets a PDF has. */
const sheets = (pdf: Buffer): number => [...pdf.toString('latin1').matchAll(/\/Type \/Page\b/g)].length;

/** What has the focus: its text, or its role and name. */
const focused = async (page: Page): Promise<string> =>
  String(
    await page.evaluate(`(() => {
      const element = document.activeElement;
      return element.matches('input')
        ? element.type + ' ' + (element.ariaLabel ?? element.closest('label').innerText)
        : element.innerText.trim();
    })()`),
  );

/** Presses Tab until the focus is on what is wanted. */
const tabTo = async (page: Page, isWanted: (name: string) => boolean): Promise<void> => {
  const seen: string[] = [];
  while (seen.length < 250) {
    await page.keyboard.press('Tab');
    const name = await focused(page);
    if (isWanted(name)) return;
    seen.push(name.slice(0, 40));
  }
  throw new Error(`The keyboard does not reach it: ${seen.join(' | ')}`);
};
