import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { parse } from 'csv-parse/sync';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { folderSource, singleFile } from '../../src/index.ts';
import { syntheticOrganization } from '../synthetic/organization.ts';
import { launchChromium } from './chromium.ts';
import { expectNoProblems, isSkipped, openPage, serveData, temporaryFolder } from './harness.ts';

const organization = syntheticOrganization({ accounts: 24, units: 4 });

describe.skipIf(isSkipped)('what people ask a dashboard for', () => {
  let browser: Browser;
  let served: Awaited<ReturnType<typeof serveData>>;
  beforeAll(async () => {
    browser = await launchChromium();
    served = await serveData(organization);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  it('the first view says whether the organization is better than before, and shows a gap as a gap', async () => {
    const watched = await openPage(browser, `${served.url}#/?days=400`);
    const { page } = watched;
    const trend = page.locator('section.trend');
    expect(await trend.locator('svg[role=img]').getAttribute('aria-label')).toMatch(
      /The score went from \d+ % to \d+ % .+ 1 period without record/,
    );
    expect(await trend.locator('rect.gap').count()).toBe(1);
    await trend.getByText('The same as a table').click();
    expect(await trend.locator('tbody tr').count()).toBe(organization.overview.trend.at.length + 1);
    expect(await page.locator('.headline').innerText()).toMatch(
      /compliant ÷ [\d,]+ \(compliant \+ violating \+ unknown\), rounded down/,
    );
    expect(await page.locator('.as-of').innerText()).toMatch(/As of 29 Nov 2026, 12:00 UTC · .+ old/);
    await expectNoProblems(watched);
    await watched.close();
  });

  it('exemptions are counted on the first view, and one click leads to why, who approved it and until when', async () => {
    const watched = await openPage(browser, served.url);
    const { page } = watched;
    await page.locator('.figure', { hasText: 'Exempt resources' }).click();
    await page.getByRole('heading', { level: 1, name: 'Exemptions' }).waitFor();
    const first = await page.locator('tbody tr').first().innerText();
    expect(first).toContain('EX-5');
    expect(first).toContain('ended');
    expect(first).toContain('ciso@example.com');
    expect(await page.locator('tbody').innerText()).toContain('ending within 30 days');
    await expectNoProblems(watched);
    await watched.close();
  });

  it('an owner sees what is theirs and what was done for them', async () => {
    const watched = await openPage(browser, served.url);
    const { page } = watched;
    const [name = ''] = organization.overview.owners.name;
    await page
      .locator('section', { hasText: 'Owners' })
      .getByRole('link', { name, exact: true })
      .first()
      .click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.getByRole('table', { name: `Findings of ${name}` }).waitFor();
    expect(await page.getByRole('table', { name: 'Fixes' }).innerText()).toContain('fixed and verified');
    await expectNoProblems(watched);
    await watched.close();
  });

  it('an export has exactly the rows that the filters leave, in their order', async () => {
    const watched = await openPage(browser, `${served.url}#/account/${organization.overview.accounts.id[0]}`);
    const { page } = watched;
    await page.locator('.facet', { hasText: 'State' }).locator('summary').click();
    await page.getByRole('checkbox', { name: /^Violating/ }).check();
    await page.keyboard.press('Escape');
    await page.getByRole('searchbox', { name: 'Find in Findings of the account' }).fill('s3');
    await page.getByRole('button', { name: 'Resource', exact: true }).click();
    const shown = await page
      .getByRole('table', { name: 'Findings of the account' })
      .locator('tbody .column-resource')
      .allInnerTexts();
    expect(shown.length).toBeGreaterThan(0);
    const rows = parse(await downloaded(page, 'CSV'), { bom: true, columns: true }) as Record<
      string,
      string
    >[];
    expect(rows.map(({ name, resource }) => name || resource)).toEqual(shown);
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['Violating']));
    const json = JSON.parse(await downloaded(page, 'JSON')) as Record<string, unknown>[];
    expect(json.map(({ resource }) => resource)).toEqual(rows.map(({ resource }) => resource));
    await expectNoProblems(watched);
    await watched.close();
  });

  it('filters are in the address, so that a reload shows the same rows', async () => {
    const watched = await openPage(browser, `${served.url}#/rules?severity=critical&sort=-title`);
    const { page } = watched;
    const before = await page.locator('tbody .column-title').allInnerTexts();
    expect(before).toHaveLength(4);
    await page.reload();
    await page.waitForSelector('h1');
    expect(await page.locator('tbody .column-title').allInnerTexts()).toEqual(before);
    await expectNoProblems(watched);
    await watched.close();
  });

  it('from a framework, two clicks lead through a requirement to a resource that misses it', async () => {
    const watched = await openPage(browser, `${served.url}#/framework/cis-7.0`);
    const { page } = watched;
    await page.getByRole('link', { name: 'Buckets keep former versions of their objects' }).click();
    await page.getByRole('table', { name: 'Resources that miss 2.1.2' }).waitFor();
    await page.locator('.column-resource a').first().click();
    await page.getByRole('heading', { name: 'State now' }).waitFor();
    expect(await page.locator('.states-now').innerText()).toContain('Buckets keep former versions');
    await expectNoProblems(watched);
    await watched.close();
  });

  it('the story of a resource says who approved its fix, which calls were made, and that it was undone', async () => {
    const index = organization.accounts.findIndex(({ stories }) =>
      stories.some(({ steps }) => steps.some(({ step }) => step === 'undone')),
    );
    const story = organization.accounts[index]?.stories.find(({ steps }) =>
      steps.some(({ step }) => step === 'undone'),
    );
    const path = [organization.accounts[index]?.account, story?.region, story?.type, story?.resource].map(
      (part) => encodeURIComponent(part ?? ''),
    );
    const watched = await openPage(browser, `${served.url}#/resource/${path.join('/')}`);
    const text = await watched.page.locator('.story').first().innerText();
    for (const part of [
      'Found violating',
      'Fix planned',
      'Approved',
      'assumed-role/operators/dana',
      's3:PutBucketVersioning',
      'Verified',
      'Undone',
      'The import failed',
    ])
      expect(text).toContain(part);
    await expectNoProblems(watched);
    await watched.close();
  });

  it('a search finds names in the overview, and compliant resources by the beginning of their id', async () => {
    const watched = await openPage(browser, served.url);
    const { page } = watched;
    const compliant = organization.verdicts.find(
      ({ state, type }) => state === 'compliant' && type === 'AWS::S3::Bucket',
    );
    await page.keyboard.press('/');
    await page.keyboard.type(compliant?.resource ?? '');
    await page.keyboard.press('Enter');
    const found = page.getByRole('table', { name: 'Verdicts' });
    await found.waitFor();
    expect(await found.innerText()).toContain(compliant?.resource);
    expect(await found.innerText()).toContain('Compliant');
    await page.goto(`${served.url}#/search?q=mfa`);
    await page.getByRole('heading', { name: 'Rules' }).waitFor();
    expect(await page.locator('main').innerText()).toContain('IAM_ENABLE_ROOT_MFA');
    await expectNoProblems(watched);
    await watched.close();
  });

  it('a list of thousands of accounts holds only the rows that are seen', async () => {
    const many = syntheticOrganization({ accounts: 24, units: 4 });
    const times = 100;
    const repeat = <T>(column: readonly T[]): T[] => Array.from({ length: times }, () => column).flat();
    const { accounts, accountCounts } = many.overview;
    const overview = {
      ...many.overview,
      accounts: {
        id: repeat(accounts.id).map((_, index) => String(200_000_000_000 + index)),
        name: repeat(accounts.name).map((name, index) => `${name}-${index}`),
        unit: repeat(accounts.unit),
        owner: repeat(accounts.owner),
        swept: repeat(accounts.swept),
      },
      accountCounts: {
        compliant: repeat(accountCounts.compliant),
        violating: repeat(accountCounts.violating),
        exempt: repeat(accountCounts.exempt),
        excluded: repeat(accountCounts.excluded),
        unknown: repeat(accountCounts.unknown),
      },
    };
    const large = await serveData({ ...many, overview });
    const watched = await openPage(browser, `${large.url}#/accounts?sort=name`);
    const { page } = watched;
    await page.getByRole('table', { name: 'Accounts' }).waitFor();
    expect(await page.getByRole('table', { name: 'Accounts' }).getAttribute('aria-rowcount')).toBe('2401');
    expect(await page.locator('tbody tr').count()).toBeLessThan(80);
    await page.getByRole('region', { name: 'Accounts' }).focus();
    await page.keyboard.press('End');
    await page.locator('tr[aria-rowindex="2401"]').waitFor();
    await page.getByRole('searchbox', { name: 'Find in Accounts' }).fill('200000002399');
    await page.getByText('1 of 2,400 accounts').waitFor();
    await expectNoProblems(watched);
    await watched.close();
    await large.close();
  });

  it('one file, opened without a server, answers what a board asks, and asks nobody for anything', async () => {
    const file = join(temporaryFolder(), 'board.html');
    writeFileSync(file, await singleFile(folderSource(served.folder)));
    const watched = await openPage(browser, pathToFileURL(file).href);
    const { page } = watched;
    const text = await page.locator('main').innerText();
    expect(text).toMatch(/[▲▼=] .\d+ since 30 Oct 2026/);
    for (const title of [
      'The worst now',
      'Open the longest',
      'Owners',
      'Fixed in 90 days',
      'Exempt resources',
      'ending within 30 days',
    ])
      expect(text).toContain(title);
    await page.locator('.figure', { hasText: 'Exempt resources' }).click();
    expect(await page.locator('tbody').innerText()).toMatch(/until|Until|\d{1,2} \w{3} 20\d\d/);
    await page.goto(`${pathToFileURL(file).href}#/account/${organization.overview.accounts.id[3]}`);
    await page.getByRole('table', { name: 'Findings of the account' }).waitFor();
    await expectNoProblems(watched);
    await watched.close();
  });
});

const downloaded = async (page: Page, format: 'CSV' | 'JSON'): Promise<string> => {
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: format, exact: true }).first().click();
  return readFileSync(await (await waiting).path(), 'utf8');
};
