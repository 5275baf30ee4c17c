import { stat } from 'node:fs/promises';

import { folderSource, serveDashboard, singleFile, type DataSource } from '@compliance/dashboard';
import { DashboardDataError, missingFile, OVERVIEW_KEY, parseOverview } from '@compliance/dashboard-data';

import { UsageError } from '../../output/exit-codes.ts';
import { assertWritable, writeOutput } from '../../output/write-output.ts';

export interface DashboardFlags {
  readonly port?: number;
  readonly singleFile?: string;
  readonly redact?: true;
  readonly region?: string;
  readonly profile?: string;
}

/** Serves the dashboard until the process is interrupted, or writes it as one file. */
export const runDashboard = async (place: string, flags: DashboardFlags): Promise<void> => {
  if (flags.redact && flags.singleFile === undefined)
    throw new UsageError('--redact needs --single-file: the served page shows the data as it is.');
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
  await asUsage(() => assertReadable(source));
  const { url } = await serveDashboard(source, flags.port === undefined ? {} : { port: flags.port });
  process.stdout.write(`${url}\n`);
  process.stderr.write(
    'Open the address in a browser of this machine. Who has the address can read the data. Ctrl-C ends it.\n',
  );
};

const openData = async (place: string, flags: DashboardFlags): Promise<DataSource> => {
  if (!place.startsWith('s3:')) {
    const found = await stat(place).catch(() => undefined);
    if (found?.isDirectory()) return folderSource(place);
    throw new UsageError(`No folder ${place}. Name a folder with overview.json, or s3://bucket/prefix.`);
  }
  const { openBucket } = await import('./bucket-source.ts');
  return openBucket(place, flags);
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
