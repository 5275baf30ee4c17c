import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { countsAt, score } from '@compliance/dashboard-data';
import { parse } from 'csv-parse/sync';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { folderSource, singleFile } from '../../src/index.ts';
import { manyAccounts } from '../synthetic/many-accounts.ts';
import { syntheticOrganization } from '../synthetic/organization.ts';
import { expectNoProblems, inBrowser, isSkipped, serveData, temporaryFolder } from './harness.ts';

const organization = syntheticOrganization({ accounts: 24, units: 4 });

describe.skipIf(isSkipped)('what people ask a dashboard for', () => {
  const { folder, open, url } = inBrowser(organization);

  it('the first view says whether the organization is better than before, and shows a gap as a gap', async () => {
    const watched = await open('#/?days=400');
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
    const watched = await open();
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
    const watched = await open();
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
    const watched = await open(`#/account/${organization.overview.accounts.id[0]}`);
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
    const watched = await open('#/rules?severity=critical&sort=-title');
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
    const watched = await open('#/framework/cis-7.0');
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
    const watched = await open(`#/resource/${path.join('/')}`);
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
    const watched = await open();
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
    const rule = organization.overview.rules[compliant?.rule ?? -1];
    expect(await found.innerText()).toContain(rule?.title);
    await page.goto(url('#/search?q=mfa'));
    await page.getByRole('heading', { name: 'Rules' }).waitFor();
    expect(await page.locator('main').innerText()).toContain('IAM_ENABLE_ROOT_MFA');
    await expectNoProblems(watched);
    await watched.close();
  });

  it('a list of 100,000 accounts holds only the rows that are seen, and finds one of them', async () => {
    const large = await serveData(manyAccounts(organization, 4_167));
    const watched = await open(`${large.url}#/accounts?sort=name`);
    const { page } = watched;
    const table = page.getByRole('table', { name: 'Accounts' });
    expect(await table.getAttribute('aria-rowcount')).toBe('100009');
    expect(await page.locator('tbody tr').count()).toBeLessThan(80);
    await page.getByRole('region', { name: 'Accounts' }).focus();
    await page.keyboard.press('End');
    await page.locator('tr[aria-rowindex="100009"]').waitFor();
    await page.getByRole('searchbox', { name: 'Find in Accounts' }).fill('200000002399');
    await page.getByText('1 of 100,008 accounts').waitFor();
    await expectNoProblems(watched);
    await watched.close();
    await large.close();
  });

  it('one file alone says whether it is better, what is the worst, whose it is, what was fixed, what is exempt until when', async () => {
    const file = join(temporaryFolder(), 'board.html');
    writeFileSync(file, await singleFile(folderSource(folder())));
    const address = pathToFileURL(file).href;
    const watched = await open(address);
    const { page } = watched;
    const { overview } = organization;
    const card = (name: string) => page.getByRole('region', { name, exact: true });

    // Better than last month?
    const monthAgo = overview.trend.at.findIndex((at) => at === overview.asOf - 30 * 86_400);
    const [before = 0, now = 0] = [monthAgo, overview.trend.at.length - 1].map(
      (row) => score(countsAt(overview.trend.counts, row)) ?? Number.NaN,
    );
    expect(now).toBeGreaterThan(before);
    const fewer =
      (overview.trend.counts.violating[monthAgo] ?? 0) - (overview.trend.counts.violating.at(-1) ?? 0);
    const headline = await card('Score').innerText();
    expect(headline).toContain(`${now} %`);
    expect(headline).toContain(`▲ +${now - before} points since 30 Oct 2026`);
    expect(headline).toContain(`Better than a month ago: ${fewer} fewer resources violate a rule.`);

    // What is the worst?
    const violating = overview.rules.map((_, rule) =>
      overview.units
        .map((_unit, unit) => overview.matrix.violating[unit * overview.rules.length + rule] ?? 0)
        .reduce((sum, count) => sum + count),
    );
    const critical = overview.rules
      .map(({ severity, title }, rule) => ({ severity, title, count: violating[rule] ?? 0 }))
      .filter(({ severity, count }) => severity === 'critical' && count > 0)
      .toSorted((a, b) => b.count - a.count);
    const worst = await card('The worst now').locator('li').first().innerText();
    expect(worst).toContain('critical');
    expect(worst).toContain(critical[0]?.title);
    expect(worst).toMatch(new RegExp(`\\b${critical[0]?.count} resources?`));

    // Whose is it?
    const owner = await card('Whose it is').locator('li').first().innerText();
    expect(owner).toContain(overview.owners.name[0]);
    expect(owner).toContain(`${overview.owners.open[0]} open`);

    // What was fixed?
    const fixed = overview.remediation.byRule.fixed.map(
      (count, rule) => count + (overview.remediation.byRule.applied[rule] ?? 0),
    );
    const most = fixed.indexOf(Math.max(...fixed));
    const fixes = card('What was fixed');
    expect(await fixes.innerText()).toContain(`${fixed.reduce((sum, count) => sum + count)} fixes`);
    expect(await fixes.locator('li').first().innerText()).toContain(String(fixed[most]));
    expect(await fixes.locator('li').first().innerText()).toContain(overview.rules[most]?.title);

    // What is exempt, until when, and who said so?
    const exempt = card('What is exempt until when').locator('li').first();
    expect(await exempt.innerText()).toMatch(/11 Dec 2026\s+in 12 days/);
    expect(await exempt.innerText()).toContain(overview.exemptions.reason[0]);
    expect(await exempt.innerText()).toContain('approved by ciso@example.com');

    // What the figures stand for is in the file too.
    await page.goto(`${address}#/account/${overview.accounts.id[3]}`);
    await page.getByRole('table', { name: 'Findings of the account' }).waitFor();
    await page.goto(`${address}#/search?q=ledger`);
    await page.getByText('This data has no file of all verdicts.').waitFor();
    await expectNoProblems(watched);
    await watched.close();
  });
});

const downloaded = async (page: Page, format: 'CSV' | 'JSON'): Promise<string> => {
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: format, exact: true }).first().click();
  return readFileSync(await (await waiting).path(), 'utf8');
};
