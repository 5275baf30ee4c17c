import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { syntheticOrganization, type Synthetic } from '../synthetic/organization.ts';
import { expectNoProblems, inBrowser, isSkipped, serveData, settled } from './harness.ts';
import { viewsOf } from './views.ts';

const organization = syntheticOrganization({ accounts: 4, units: 2 });
const views = viewsOf(organization);

/** What was done to a file of the data, the view that needs it, and what a person reads. */
interface Case {
  readonly title: string;
  readonly file: string;
  /** The new text of the file; without it, it is removed. */
  readonly text?: (text: string) => string;
  readonly view: string;
  readonly says: RegExp;
}

const withSchema = (schemaVersion: number) => (text: string) =>
  JSON.stringify({ ...(JSON.parse(text) as object), schemaVersion });

const OVERVIEW = 'overview.json';
const CASES: readonly Case[] = [
  {
    title: 'an overview that is missing',
    file: OVERVIEW,
    view: '#/',
    says: /overview\.json is missing.+write the data again.+copy the whole folder/,
  },
  {
    title: 'an overview whose end is missing',
    file: OVERVIEW,
    text: (text) => text.slice(0, 5_000),
    view: '#/',
    says: /overview\.json is broken: it is not JSON.+write the data again/,
  },
  {
    title: 'an overview without its matrix',
    file: OVERVIEW,
    text: (text) => text.replace('"matrix"', '"mtrx"'),
    view: '#/',
    says: /overview\.json is broken: matrix: .+write the data again/,
  },
  {
    title: 'an overview of a newer schema',
    file: OVERVIEW,
    text: withSchema(2),
    view: '#/',
    says: /schema 2, and this page reads 1: a newer release wrote it\. Open it with the command of that release/,
  },
  {
    title: 'an overview of an older schema',
    file: OVERVIEW,
    text: withSchema(0),
    view: '#/',
    says: /schema 0, and this page reads 1: an older release wrote it\. .+write the data again with this release/,
  },
  {
    title: 'a unit that is missing',
    file: 'unit/0.json',
    view: views['unit'] ?? '',
    says: /unit\/0\.json is missing.+copy the whole folder/,
  },
  {
    title: 'an account that is broken',
    file: 'account/0.json',
    text: () => '{"schemaVersion":1}',
    view: views['account'] ?? '',
    says: /account\/0\.json is broken: .+write the data again/,
  },
  {
    title: 'an account of a newer schema',
    file: 'account/0.json',
    text: withSchema(9),
    view: views['account'] ?? '',
    says: /account\/0\.json has schema 9.+a newer release wrote it/,
  },
  {
    title: 'an account of another snapshot',
    file: 'account/0.json',
    text: (text) => JSON.stringify({ ...(JSON.parse(text) as object), asOf: 1 }),
    view: views['account'] ?? '',
    says: /another snapshot.+Reload the page/,
  },
  {
    title: 'an account that is missing among those of a rule',
    file: 'account/0.json',
    view: '#/rule/S3_DENY_HTTP_REQUESTS',
    says: /findings of 1 account cannot be shown.+account\/0\.json is missing/s,
  },
  {
    title: 'verdicts that are missing',
    file: 'verdicts.parquet',
    view: '#/search?q=ledger',
    says: /verdicts\.parquet is missing\. Copy the whole folder/,
  },
  {
    title: 'verdicts that are broken',
    file: 'verdicts.parquet',
    text: () => 'no Parquet',
    view: '#/search?q=ledger',
    says: /verdicts\.parquet is broken: .+write the data again/,
  },
];

const LEVELS: readonly (Pick<Case, 'title' | 'view' | 'says'> & {
  readonly levels: Partial<Synthetic['overview']['levels']>;
})[] = [
  {
    title: 'units',
    levels: { units: false },
    view: views['unit'] ?? '',
    says: /not in this data: it was written without them.+compliance dashboard FOLDER/,
  },
  {
    title: 'accounts',
    levels: { accounts: [1] },
    view: views['account'] ?? '',
    says: /resources of this account are not in this data.+compliance dashboard FOLDER/,
  },
  {
    title: 'accounts of a rule',
    levels: { accounts: [1] },
    view: '#/rule/S3_DENY_HTTP_REQUESTS',
    says: /The findings of \d accounts are not in this data/,
  },
  {
    title: 'verdicts',
    levels: { verdicts: 0 },
    view: '#/search?q=ledger',
    says: /This data has no file of all verdicts\. Open an account and use its own search/,
  },
];

const EMPTY: Synthetic = syntheticOrganization({ accounts: 0, units: 0 });

describe.skipIf(isSkipped)('data that is not as it should be', () => {
  const { open } = inBrowser(organization);

  it.each(CASES)('$title ends in a message that a person can act on', async ({ file, text, view, says }) => {
    const served = await serveData(organization);
    const path = join(served.folder, file);
    if (text) writeFileSync(path, text(readFileSync(path, 'utf8')));
    else rmSync(path);
    const { page, close } = await open(`${served.url}${view}`);
    await settled(page);
    expect(await page.getByRole('alert').innerText()).toMatch(says);
    await close();
    await served.close();
  });

  it.each(LEVELS)(
    'data without the level of $title says what is not in it',
    async ({ levels, view, says }) => {
      const { overview } = organization;
      const served = await serveData({
        ...organization,
        overview: { ...overview, levels: { ...overview.levels, ...levels } },
      });
      const watched = await open(`${served.url}${view}`);
      await settled(watched.page);
      expect(await watched.page.locator('main').innerText()).toMatch(says);
      await expectNoProblems(watched);
      await watched.close();
      await served.close();
    },
  );

  it('an organization without accounts says how to add one, and every view opens', async () => {
    const served = await serveData(EMPTY);
    const watched = await open(served.url);
    const { page } = watched;
    expect(await page.locator('main').innerText()).toMatch(
      /no account in the settings\. Add accounts to compliance\.yaml/,
    );
    for (const hash of Object.values(views)) {
      await page.goto(`${served.url}${hash}`);
      await settled(page);
      expect(await page.getByRole('alert').count()).toBe(0);
    }
    await expectNoProblems(watched);
    await watched.close();
    await served.close();
  });

  it('an organization of one account, measured once, has every view', async () => {
    const one = syntheticOrganization({ accounts: 1, units: 1 });
    const { overview } = one;
    const served = await serveData({
      ...one,
      overview: {
        ...overview,
        trend: {
          at: [overview.asOf],
          counts: {
            compliant: overview.accountCounts.compliant,
            violating: overview.accountCounts.violating,
            exempt: overview.accountCounts.exempt,
            excluded: overview.accountCounts.excluded,
            unknown: overview.accountCounts.unknown,
          },
        },
        gaps: { from: [], to: [], reason: [] },
      },
    });
    const watched = await open(served.url);
    const { page } = watched;
    const text = await page.locator('main').innerText();
    expect(text).toContain('There is no month to compare with yet');
    expect(text).toContain('There is one measurement so far');
    expect(text).toContain('1 account in 1 unit');
    for (const hash of Object.values(views)) {
      await page.goto(`${served.url}${hash}`);
      await settled(page);
      expect(await page.getByRole('alert').count()).toBe(0);
    }
    await expectNoProblems(watched);
    await watched.close();
    await served.close();
  });
});
