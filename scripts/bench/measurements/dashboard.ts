import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { launchChromium } from '../../../apps/dashboard/test/browser/chromium.ts';
import { makeEmptyPage, nextViews, openFirst, type FirstPicture } from '../dashboard/measure-page.ts';
import { startDashboard } from '../dashboard/start-dashboard.ts';
import { atMost, info, type Figure } from '../figure.ts';
import type { Measurement } from '../measurement.ts';
import { runProcess } from '../run-process.ts';

const ROOT = join(import.meta.dirname, '../../..');
const ORGANIZATION = join(ROOT, 'scripts/bench/organization/main.ts');
const CLI = join(ROOT, 'apps/cli/dist/main.js');
const [ACCOUNTS, FILE_ACCOUNTS] = [5000, 200];
const ROUNDS = 5;
const MEGABYTE = 1e6;

export const dashboard: Measurement = {
  name: 'dashboard',
  title: `the dashboard of ${ACCOUNTS} accounts, 95 rules and 1,000,000 resources in Chromium, and one file of ${FILE_ACCOUNTS} accounts`,
  measure: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bench-'));
    try {
      const [large, small] = [join(folder, 'large'), join(folder, 'small')];
      await writeOrganization(large, ACCOUNTS, ['make', 'data', 'parquet']);
      await writeOrganization(small, FILE_ACCOUNTS, ['make', 'data']);
      const file = join(folder, 'board.html');
      await runProcess(process.execPath, [CLI, 'dashboard', small, '--single-file', file], {
        environment: {},
      });
      return await measureInBrowser(large, file);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

const writeOrganization = async (
  folder: string,
  accounts: number,
  steps: readonly string[],
): Promise<void> => {
  for (const step of steps)
    await runProcess(
      process.execPath,
      [ORGANIZATION, folder, '--accounts', String(accounts), '--events', '1000', '--step', step],
      { environment: {} },
    );
};

/** Interleaved with an empty page, which shows what the browser itself needs. */
const measureInBrowser = async (data: string, file: string): Promise<readonly Figure[]> => {
  const empty = `${file}.empty.html`;
  await writeFile(empty, makeEmptyPage());
  const [emptyFile, board] = [`file://${empty}`, `file://${file}`];
  await using served = await startDashboard(CLI, data);
  await using browser = await launchChromium();
  const nothing: FirstPicture[] = [];
  const first: FirstPicture[] = [];
  const single: FirstPicture[] = [];
  const views: Readonly<Record<string, number>>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    nothing.push(await openFirst(browser, emptyFile));
    first.push(await openFirst(browser, served.url));
    single.push(await openFirst(browser, board));
    views.push(await nextViews(browser, served.url));
  }
  const best = (pictures: readonly FirstPicture[]) => Math.min(...pictures.map(({ ms }) => ms));
  const names = Object.keys(views[0] ?? {});
  const next = names.map((name) => [name, Math.min(...views.map((view) => view[name] ?? Infinity))] as const);
  const { size } = await stat(file);
  return [
    info(`an empty page: first picture, best of ${ROUNDS}`, best(nothing), 'ms'),
    atMost('served: first picture above it', best(first) - best(nothing), 400, 'ms'),
    ...next.map(([name, ms]) => atMost(`served: next view, ${name}`, ms, 150, 'ms')),
    atMost('served: initial transfer', Math.max(...first.map(({ bytes }) => bytes)) / 1000, 200, 'kB'),
    atMost('served: heap', Math.max(...first.map(({ heapBytes }) => heapBytes)) / MEGABYTE, 15, 'MB'),
    atMost('single file: size', size / MEGABYTE, 0.6, 'MB'),
    atMost('single file: first picture above an empty page', best(single) - best(nothing), 300, 'ms'),
    info('single file: heap', Math.max(...single.map(({ heapBytes }) => heapBytes)) / MEGABYTE, 'MB'),
  ];
};
