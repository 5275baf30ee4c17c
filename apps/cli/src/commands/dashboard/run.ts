import { stat } from 'node:fs/promises';

import { folderSource, serveDashboard, singleFile, type DataSource } from '@compliance/dashboard';
import { DashboardDataError, missingFile, OVERVIEW_KEY, parseOverview } from '@compliance/dashboard-data';

import { UsageError } from '../../output/exit-codes.ts';
import { assertWritable, writeOutput } from '../../output/write-output.ts';

export interface DashboardFlags {
  readonly port?: number;
  readonly singleFile?: string;
  readonly redact?: true;
  /** A bucket; `true` for the deployment's. */
  readonly publish?: string | true;
  readonly apply?: true;
  readonly bucketOwner?: string;
  /** A folder or `s3://bucket`; `true` for the deployment's. */
  readonly ledger?: string | true;
  readonly sealed?: string;
  readonly settings?: string;
  readonly exemptions?: string;
  readonly region?: string;
  readonly profile?: string;
}

/** Serves the dashboard until the process is interrupted, writes it as one file, or publishes it. */
export const runDashboard = async (place: string, flags: DashboardFlags): Promise<void> => {
  if (flags.redact && flags.singleFile === undefined)
    throw new UsageError('--redact needs --single-file: the served page shows the data as it is.');
  if (flags.apply && flags.publish === undefined)
    throw new UsageError('--apply needs --publish: nothing else changes anything.');
  if (flags.publish !== undefined && flags.singleFile !== undefined)
    throw new UsageError('Either --publish or --single-file: they write different things.');
  if (flags.bucketOwner !== undefined && !place.startsWith('s3:'))
    throw new UsageError('--bucket-owner needs s3://bucket/prefix: a folder has no owner to check.');
  await assertWritable(flags.singleFile);
  const source = await openData(place, flags);
  if (flags.singleFile !== undefined) {
    const page = await asUsage(() => singleFile(source, { redact: flags.redact ?? false }));
    await writeOutput(page, flags.singleFile);
    process.stderr.write(
      `${flags.singleFile}: ${Math.ceil(Buffer.byteLength(page) / 1000)} kB. Open it in a browser.\n`,
    );
    return;
  }
  if (flags.publish !== undefined) {
    const { publishDashboard } = await import('./publish.ts');
    await asUsage(() => publishDashboard(source, flags));
    return;
  }
  await asUsage(() => assertReadable(source));
  const { url } = await serveDashboard(source, flags.port === undefined ? {} : { port: flags.port });
  process.stdout.write(`${url}\n`);
  process.stderr.write(
    'Open the address in a browser of this machine. Who has the address can read the data. Ctrl-C ends it.\n',
  );
};

const openData = async (place: string, flags: DashboardFlags): Promise<DataSource> => {
  const addsEvents = flags.ledger !== undefined || flags.sealed !== undefined;
  if (!place.startsWith('s3:')) {
    const found = await stat(place).catch(() => undefined);
    if (found?.isDirectory()) return folderSource(addsEvents ? await withEvents(place, flags) : place);
    throw new UsageError(
      `No folder ${place}. Name a folder with overview.json, as compliance state build --out ${place} makes it, or s3://bucket/prefix.`,
    );
  }
  if (addsEvents)
    throw new UsageError(
      `Events are added to a folder: copy the data and its state first, as with aws s3 sync ${place} ./dashboard.`,
    );
  const { openBucket } = await import('./bucket-source.ts');
  return openBucket(place, flags);
};

const withEvents = async (folder: string, flags: DashboardFlags): Promise<string> => {
  const { addEvents } = await import('./add-events.ts');
  return addEvents(folder, flags);
};

/** Says at once what is wrong with the data, where a browser would say it later. */
const assertReadable = async (source: DataSource): Promise<void> => {
  const text = await source.read(OVERVIEW_KEY);
  if (text === undefined) throw missingFile(OVERVIEW_KEY);
  parseOverview(text);
};

const asUsage = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DashboardDataError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
};
