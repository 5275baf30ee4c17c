import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Rule } from '../../../packages/core/src/rule/rule.ts';
import { toField } from '../../../packages/state/src/base/field.ts';
import { createLinesWriter } from '../../../packages/state/src/base/lines.ts';
import { createCountLines } from '../../../packages/state/src/build/count-lines.ts';
import { placeLine } from '../../../packages/state/src/merge/place.ts';
import { STATE_SCHEMA, writeManifest, type Manifest } from '../../../packages/state/src/snapshot/manifest.ts';
import { rowLine, stateLetter, type Row } from '../../../packages/state/src/snapshot/row.ts';
import { pick, randomOf } from './random.ts';
import { REGIONS, accountAt, judgedBy, ownerAt, type OrganizationSize } from './synthetic-accounts.ts';

const DAY_MS = 86_400_000;
const TREND_DAYS = 400;
const BASELINE_DAYS = 28;

/** Writes the snapshot of a synthetic organization as `buildState` would have left it. */
export const writeSnapshot = async (
  folder: string,
  rules: readonly Rule[],
  { size, until }: { readonly size: OrganizationSize; readonly until: number },
): Promise<Manifest> => {
  const name = new Date(until).toISOString().replaceAll(/[-:.]/g, '');
  const parts = join(folder, name);
  await mkdir(parts, { recursive: true });
  const [rows, counts] = [createLinesWriter(parts, 'rows'), createLinesWriter(parts, 'counts')];
  const baseline = createLinesWriter(parts, `baseline-${until - BASELINE_DAYS * DAY_MS}`);
  const [countLines, formerLines] = [createCountLines(counts.add), createCountLines(baseline.add)];
  let swept = 0;

  for (let index = 0; index < size.accounts; index += 1) {
    const account = accountAt(index, size);
    const random = randomOf(size.seed * 31 + index);
    for (const rule of rules)
      for (const region of REGIONS) {
        const ids = judgedBy(rule, account, region);
        if (ids.length === 0) continue;
        const key = `${account.id}\t${rule.command}\t${region}`;
        const time = until - Math.floor(random() * 6 * 3_600_000);
        rows.add(
          placeLine(key, { sweep: { time, orderingTime: time - 60_000 }, resolvedUntil: time - 60_000 }),
        );
        rows.add(`#${rule.resourceType}`);
        const sums = { c: 0, v: 0, x: 0, e: 0, u: 0 };
        const lines = ids.map((id) => [toField(id), rowAt(index, until, random)] as const);
        for (const [id, row] of lines.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
          const letter = stateLetter(row);
          if (letter !== 'g' && letter !== 'n') sums[letter] += 1;
          rows.add(rowLine(id, row));
        }
        countLines.add(key, { ...sums, sweptAt: time });
        const more = random() < 0.1 ? Math.floor(random() * 4) : 0;
        formerLines.add(key, { ...sums, v: Math.max(0, sums.v + (random() < 0.8 ? more : -more)) });
        swept += 1;
      }
    await (rows.flushWhenFull() ?? counts.flushWhenFull() ?? baseline.flushWhenFull());
  }
  countLines.close();
  formerLines.close();

  const manifest: Manifest = {
    schemaVersion: STATE_SCHEMA,
    folder: name,
    until,
    knownSince: until - TREND_DAYS * DAY_MS,
    rows: [...(await rows.close())],
    counts: [...(await counts.close())],
    stories: [],
    totals: countLines.totals,
    baselines: [{ at: until - BASELINE_DAYS * DAY_MS, counts: [...(await baseline.close())] }],
    trend: trendTo(countLines.totals, until, size),
    gaps: [
      {
        from: until - 120 * DAY_MS,
        to: until - 117 * DAY_MS,
        reason: 'No state was built for more than 35 days, after which events expire.',
      },
    ],
    remediated: [],
    skipped: 0,
    differences: { count: 0, swept, first: [] },
    severities: Object.fromEntries(rules.map(({ command, severity }) => [command, severity])),
  };
  await writeManifest(folder, manifest);
  return manifest;
};

const ANNOTATIONS = [
  'The setting is off.',
  'Port 22 is open to 0.0.0.0/0.',
  'The policy allows everyone to read.',
  'No alarm filters these events.',
  'It is not encrypted with a key of the account.',
] as const;

const rowAt = (index: number, until: number, random: () => number): Row => {
  const since = until - Math.floor(random() ** 2 * TREND_DAYS * DAY_MS);
  const owner = ownerAt(index, random);
  const common = { since, judgedAt: since, orderingTime: since - Math.floor(random() * 60_000), owner };
  const kind = random();
  if (kind < 0.88) return { verdict: 'compliant', ...common };
  const annotation = pick(ANNOTATIONS, random);
  if (kind < 0.96) return { verdict: 'violating', ...common, annotation };
  if (kind < 0.98) {
    const exemption = `EX-${Math.floor(random() * 60)}`;
    return {
      verdict: 'exempt',
      ...common,
      annotation: `Exempt by ${exemption} until 2027-03-31.`,
      exemption,
    };
  }
  if (kind < 0.99) return { verdict: 'excluded', ...common, annotation, excluded: 'aws-controltower-*' };
  const failedAt = until - Math.floor(random() * DAY_MS);
  return {
    verdict: 'compliant',
    ...common,
    failed: { since: failedAt, at: failedAt, message: 'AccessDenied: the role may not read it.' },
  };
};

/** One point a day: violations fell, with some bad weeks. */
const trendTo = (
  totals: Manifest['totals'],
  until: number,
  { seed }: OrganizationSize,
): Manifest['trend'] => {
  const random = randomOf(seed);
  return Array.from({ length: TREND_DAYS }, (_, index) => {
    const age = TREND_DAYS - 1 - index;
    const share = age / TREND_DAYS;
    const wave = age === 0 ? 0 : 0.1 * Math.sin(age / 17) + 0.04 * (random() - 0.5);
    const v = Math.round(totals.v * (1 + 1.4 * share + wave));
    const u = Math.round(totals.u * (1 + 2 * share + wave));
    const c = Math.round(totals.c * (1 - 0.5 * share));
    return { at: until - age * DAY_MS, ...totals, c, v, u };
  });
};
