import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';

import { folderSource, singleFile } from '../../src/index.ts';
import { syntheticOrganization, type Synthetic } from '../synthetic/organization.ts';
import { inBrowser, isSkipped, settled, temporaryFolder, type Watched } from './harness.ts';
import { viewsOf } from './views.ts';

const NAMES = [
  '<img src=x onerror="document.title=1"><script>document.title=1</script>',
  `"quotes' \` and & ampersands</script><!--`,
  'gnp.\u202Ecod\u202C evil\u0000\u001B[31m',
  'x'.repeat(10_000),
  '=HYPERLINK("http://attacker.example")',
  '@SUM(1+9)*cmd|"/C calc"!A0',
] as const;

/** Names repeat, and what is identified by one needs another. */
const nameOf = (index: number): string => NAMES[index % NAMES.length] ?? '';
const ownNameOf = (index: number): string => `${nameOf(index)}${index}`;

/** Everything that somebody else may name, in every place. */
const hostile = (): Synthetic => {
  const made = syntheticOrganization({ accounts: 6, units: 6 });
  const { overview } = made;
  const names = (column: readonly unknown[]) => column.map((_, index) => nameOf(index));
  const ownNames = (column: readonly unknown[]) => column.map((_, index) => ownNameOf(index));
  const units = ownNames(overview.units);
  return {
    ...made,
    overview: {
      ...overview,
      organization: { id: 'o-1', name: NAMES[0] },
      texts: names(overview.texts),
      units,
      accounts: { ...overview.accounts, name: names(overview.accounts.name) },
      owners: { ...overview.owners, name: ownNames(overview.owners.name) },
      exemptions: {
        ...overview.exemptions,
        id: ownNames(overview.exemptions.id),
        reason: names(overview.exemptions.reason),
      },
      oldestOpen: { ...overview.oldestOpen, resource: names(overview.oldestOpen.resource) },
      remediation: {
        ...overview.remediation,
        recent: { ...overview.remediation.recent, resource: names(overview.remediation.recent.resource) },
        flapping: {
          ...overview.remediation.flapping,
          resource: names(overview.remediation.flapping.resource),
        },
      },
      notes: [...NAMES],
    },
    units: made.units.map((unit, index) => ({ ...unit, unit: units[index] ?? '' })),
    accounts: made.accounts.map((account) => ({
      ...account,
      texts: names(account.texts),
      findings: { ...account.findings, resource: names(account.findings.resource) },
      stories: account.stories.map((story, index) => ({
        ...story,
        resource: ownNameOf(index),
        name: nameOf(index),
        region: nameOf(index),
        owner: nameOf(index),
        steps: story.steps.map((step, position) => ({
          ...step,
          text: nameOf(position),
          actor: nameOf(position + 1),
          calls: [...NAMES],
          facts: Object.fromEntries(NAMES.map((name) => [name, name])),
        })),
      })),
    })),
    verdicts: made.verdicts.map((verdict, index) => ({
      ...verdict,
      resource: ownNameOf(index),
      name: nameOf(index),
      region: nameOf(index),
      annotation: nameOf(index),
      owner: nameOf(index),
    })),
  };
};

const data = hostile();
const views = Object.entries({
  ...viewsOf(data),
  search: `#/search?q=${encodeURIComponent('<img')}`,
  missing: `#/${encodeURIComponent(NAMES[0])}`,
  'missing account': `#/account/${encodeURIComponent(NAMES[2])}`,
  'unit by requirement': `${viewsOf(data)['unit']}?requirement=${encodeURIComponent(NAMES[0])}`,
});

/** What a name did to the view: elements, a script that ran, hidden characters, a page that is wider than its window. */
const harmIn = async ({ page, problems }: Watched, width: number) => {
  await settled(page);
  const text = await page.locator('body').innerText();
  return {
    problems,
    elements: await page.locator('#page :is(img, script, iframe, object)').count(),
    ranScript: (await page.title()) === '1',
    // oxlint-disable-next-line no-control-regex -- they are what must not be there.
    hidden: text.match(/[\u202A-\u202E\u0000\u001B]/g),
    tooWide: Number(await page.evaluate('document.documentElement.scrollWidth')) - width,
  };
};
const NO_HARM = {
  problems: [],
  elements: 0,
  ranScript: false,
  hidden: null,
  tooWide: 0,
};

describe.skipIf(isSkipped)('names that somebody chose to do harm', () => {
  const { folder, open, url } = inBrowser(data);
  let watched: Watched;
  beforeAll(async () => {
    watched = await open();
  });

  it.each(views)(
    'stay text in the view %s, within its width and with hidden characters shown',
    async (_, hash) => {
      const { page } = watched;
      await page.goto(url(hash));
      await page.evaluate(`document.querySelectorAll('details').forEach((each) => (each.open = true))`);
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await harmIn(watched, width)).toEqual(NO_HARM);
      }
    },
  );

  it.each([
    '#/accounts',
    '#/owners',
    '#/exemptions',
    '#/remediation',
    `#/account/${data.overview.accounts.id[0]}`,
  ])('are whole in the exports of %s, and no cell of the CSV is a formula', async (hash) => {
    const { page } = watched;
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(url(hash));
    await settled(page);
    const exported = async (format: string) => {
      const waiting = page.waitForEvent('download');
      await page.getByRole('button', { name: format, exact: true }).last().click();
      return readFileSync(await (await waiting).path(), 'utf8');
    };
    const rows = parse(await exported('CSV'), { bom: true }) as readonly string[][];
    const cells = rows.flat();
    expect(cells.filter((cell) => /^[=+\-@\t\r\n]/.test(cell))).toEqual([]);
    expect(cells.some((cell) => cell.startsWith("'="))).toBe(true);
    expect(cells.some((cell) => cell.length >= 10_000)).toBe(true);
    const objects = JSON.parse(await exported('JSON')) as readonly Record<string, unknown>[];
    expect(objects).toHaveLength(rows.length - 1);
    expect(objects.flatMap(Object.values).some((value) => String(value).startsWith('='))).toBe(true);
  });

  it('stay text in a single file, which they cannot end', async () => {
    const file = join(temporaryFolder(), 'hostile.html');
    writeFileSync(file, await singleFile(folderSource(folder())));
    const single = await open(pathToFileURL(file).href);
    expect(await harmIn(single, 1280)).toEqual(NO_HARM);
    await single.close();
  });
});
