import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';

import { defined, type AuditEvent } from '@compliance/core';

import { createLinesWriter, readLines, readTexts, type LinesPart } from '../base/lines.ts';
import { StateError } from '../base/state-error.ts';
import { DAY_MS } from '../base/times.ts';
import { createRemediated } from '../history/remediated.ts';
import { NO_STATES, createTrend, thinOut, type StateCounts } from '../history/trend.ts';
import { mergeState } from '../merge/merge-state.ts';
import { mergeStories } from '../merge/merge-stories.ts';
import { placeOf, type Difference } from '../merge/place.ts';
import {
  STATE_SCHEMA,
  emptyFolder,
  folderOf,
  readManifest,
  writeManifest,
  type Gap,
  type Manifest,
  type Sealed,
} from '../snapshot/manifest.ts';
import { collectEvents } from './collect-events.ts';
import { createCountLines } from './count-lines.ts';
import type { SkippedCounts } from './events-since.ts';

export interface BuildOptions {
  /** The folder of the snapshots. */
  readonly folder: string;
  /** The events since the snapshot before, and, without harm, some from before it. */
  readonly events: AsyncIterable<AuditEvent> | Iterable<AuditEvent>;
  /** The time of the new snapshot. */
  readonly until: Date;
  /** How many lines and objects of the ledger were left out, asked at the end. */
  readonly skipped?: () => SkippedCounts;
  /** Of which periods since the snapshot before the ledger has no record. */
  readonly gaps?: readonly Gap[];
  /** What of the events was sealed, asked at the end. */
  readonly sealed?: () => Sealed | undefined;
  readonly isInScope?: (accountId: string, rule: string) => boolean;
  readonly onProgress?: (text: string) => void;
}

const STORY_DAYS = 90;
const SHOWN_DIFFERENCES = 1000;
/** One a day of eight days, one a week of five: to compare with last week and last month. */
const BASELINES = [
  { maxAge: 8 * DAY_MS, step: DAY_MS },
  { maxAge: 36 * DAY_MS, step: 7 * DAY_MS },
] as const;

/**
 * Makes the next snapshot of the state: the one before and the events since then, as two sorted streams.
 * A process that dies leaves the snapshot before; the same events and the same time give the same bytes.
 */
export const buildState = async (options: BuildOptions): Promise<Manifest> => {
  const { folder, onProgress = () => {} } = options;
  const until = options.until.getTime();
  const previous = await readManifest(folder);
  const name = folderOf(options.until);
  if (previous?.folder === name) return previous;
  if (previous && previous.until > until)
    throw new StateError(
      `${folder} has the state of a later time, ${new Date(previous.until).toISOString()}.`,
    );
  const target = await emptyFolder(join(folder, name));
  const events = await collectEvents(options.events, join(target, 'sorting'), (count) =>
    onProgress(`${count} events read`),
  );
  onProgress(`${events.count} events read, merging`);
  const source = join(folder, previous?.folder ?? '');
  const merged = await mergeRows(options, { previous, source, target, marks: events.marks });
  const stories = await writeStories(previous, { source, target, until, added: events.stories });
  const manifest: Manifest = {
    schemaVersion: STATE_SCHEMA,
    folder: name,
    until,
    knownSince: previous?.knownSince ?? until,
    ...merged,
    stories,
    baselines: await keepBaselines(previous, { source, target, until }),
    gaps: [...(previous?.gaps ?? []), ...(options.gaps ?? [])],
    ...defined({ sealed: options.sealed?.() ?? previous?.sealed }),
    ...countSkipped(previous, options.skipped?.()),
    severities: { ...previous?.severities, ...Object.fromEntries(events.severities) },
  };
  await writeManifest(folder, manifest);
  return manifest;
};

const countSkipped = (
  previous: Manifest | undefined,
  { sealed, intake }: SkippedCounts = { sealed: 0, intake: 0 },
): Pick<Manifest, 'skipped' | 'skippedInIntake'> => ({
  skipped: (previous?.skipped ?? 0) - (previous?.skippedInIntake ?? 0) + sealed + intake,
  ...(intake > 0 && { skippedInIntake: intake }),
});

interface Folders {
  readonly source: string;
  readonly target: string;
}

const mergeRows = async (
  { until: at, isInScope }: BuildOptions,
  {
    previous,
    source,
    target,
    marks,
  }: Folders & { readonly previous: Manifest | undefined; readonly marks: AsyncIterable<readonly string[]> },
): Promise<
  Pick<Manifest, 'rows' | 'aside' | 'counts' | 'totals' | 'trend' | 'remediated' | 'differences'>
> => {
  const until = at.getTime();
  const rows = createLinesWriter(target, 'rows');
  const aside = createLinesWriter(target, 'aside');
  const counts = createLinesWriter(target, 'counts');
  const countLines = createCountLines(counts.add);
  const trend = createTrend({ at: previous?.until ?? 0, counts: previous?.totals ?? NO_STATES });
  const remediated = createRemediated(previous?.remediated ?? []);
  const differences = createDifferences();
  await mergeState({
    previous: readTexts(source, previous?.rows ?? []),
    previousAside: readTexts(source, previous?.aside ?? []),
    marks,
    until,
    ...(isInScope && { isInScope }),
    write: rows.add,
    writeAside: aside.add,
    afterPlace: () => rows.flushWhenFull() ?? aside.flushWhenFull() ?? counts.flushWhenFull(),
    onPlace: (key, ofPlace) => {
      countLines.add(key, ofPlace);
      if (ofPlace.sweptAt !== undefined) differences.countSwept();
    },
    onChange: (change, key) => {
      trend.record(change);
      if (change.remediatedAfter !== undefined)
        remediated.record(placeOf(key).rule, change.time, change.remediatedAfter);
    },
    onDifference: differences.add,
  });
  countLines.close();
  const points = trend.points(until);
  assertSame(points.at(-1), countLines.totals);
  const asideParts = await aside.close();
  return {
    rows: [...(await rows.close())],
    ...(asideParts.length > 0 && { aside: [...asideParts] }),
    counts: [...(await counts.close())],
    totals: countLines.totals,
    trend: [...thinOut([...(previous?.trend ?? []), ...points], until)],
    remediated: [...remediated.days(until)],
    differences: differences.all(),
  };
};

/** What entered and left every state must add up to what is in it. */
const assertSame = (last: StateCounts | undefined, totals: StateCounts): void => {
  const sums = last && { c: last.c, v: last.v, x: last.x, e: last.e, u: last.u };
  if (JSON.stringify(sums) !== JSON.stringify(totals))
    throw new Error(
      `The changes add up to ${JSON.stringify(sums)}, but there are ${JSON.stringify(totals)}.`,
    );
};

const createDifferences = () => {
  let [count, swept] = [0, 0];
  const first: Manifest['differences']['first'] = [];
  return {
    countSwept: (): void => void (swept += 1),
    add: (key: string, { sweep, state }: Difference): void => {
      count += 1;
      if (first.length < SHOWN_DIFFERENCES)
        first.push({ ...placeOf(key), sweep: [...sweep], state: [...state] });
    },
    all: () => ({ count, swept, first }),
  };
};

const writeStories = async (
  previous: Manifest | undefined,
  {
    source,
    target,
    until,
    added,
  }: Folders & { readonly until: number; readonly added: AsyncIterable<readonly string[]> },
): Promise<LinesPart[]> => {
  const stories = createLinesWriter(target, 'stories');
  await mergeStories({
    previous: readLines(source, previous?.stories ?? []),
    added,
    from: until - STORY_DAYS * DAY_MS,
    write: (line) => {
      stories.add(line);
      return stories.flushWhenFull();
    },
  });
  return [...(await stories.close())];
};

/** Keeps the counts of former snapshots, to tell what got worse since. */
const keepBaselines = async (
  previous: Manifest | undefined,
  { source, target, until }: Folders & { readonly until: number },
): Promise<Manifest['baselines']> => {
  if (!previous) return [];
  const all = [...previous.baselines, { at: previous.until, counts: previous.counts }];
  const kept = thinOut(all, until, BASELINES);
  const copied: Manifest['baselines'] = [];
  for (const { at, counts } of kept) {
    const parts = counts.map((part, index) => ({
      ...part,
      name: `baseline-${at}-${String(index).padStart(4, '0')}.ndjson.gz`,
    }));
    for (const [index, { name }] of parts.entries())
      await copyFile(join(source, counts[index]?.name ?? ''), join(target, name));
    copied.push({ at, counts: parts });
  }
  return copied;
};
