import {
  accountKey,
  isDataKey,
  missingFile,
  OVERVIEW_KEY,
  parseOverview,
  unitKey,
  VERDICTS_KEY,
} from '@compliance/dashboard-data';

import type { DataSource } from './data-source.ts';
import { ENCODERS } from './encoders.ts';
import { readPageFiles, type PageFile } from './page-files.ts';

/** A file as it is put where many can read it. */
export interface PublishedFile {
  readonly key: string;
  readonly type: string;
  /** Absent: as it is. A server must say so in a header. */
  readonly encoding?: 'br';
  readonly read: () => Promise<Uint8Array>;
}

/**
 * The page and all files that the overview names, in the order in which to write them: who reads the overview finds what
 * it names.
 * @throws {DashboardDataError} when the overview is missing, broken or of another schema
 */
export const publishedFiles = async (
  source: DataSource,
  page: ReadonlyMap<string, PageFile> = readPageFiles(),
): Promise<readonly PublishedFile[]> => {
  const text = await textOf(source, OVERVIEW_KEY);
  const { units, accounts, levels } = parseOverview(text);
  const indexes = levels.accounts === 'all' ? [...accounts.id.keys()] : levels.accounts;
  const json = (key: string, read = () => textOf(source, key)): PublishedFile => ({
    key,
    type: 'application/json',
    encoding: 'br',
    read: async () => ENCODERS.br(Buffer.from(await read())),
  });
  return [
    ...(levels.units ? [...units.keys()].map((index) => json(unitKey(index))) : []),
    ...indexes.map((index) => json(accountKey(index))),
    ...(levels.verdicts > 0 ? [verdicts(source)] : []),
    ...[...page].map(([key, { type, bytes }]): PublishedFile => ({
      key,
      type,
      encoding: 'br',
      read: () => Promise.resolve(ENCODERS.br(bytes)),
    })),
    json(OVERVIEW_KEY, () => Promise.resolve(text)),
  ];
};

/** Whether a key is one of a page, of this release or of another, or of its data. */
export const isPublishedKey = (key: string): boolean =>
  isDataKey(key) || /^[a-z]+\.(?:css|html|js|svg)$/.test(key);

/** Parts of it are asked for, so it is not compressed as a whole; its columns are. */
const verdicts = (source: DataSource): PublishedFile => ({
  key: VERDICTS_KEY,
  type: 'application/octet-stream',
  read: async () => {
    const whole = await source.readRange(VERDICTS_KEY, { start: 0 });
    if (!whole) throw missingFile(VERDICTS_KEY);
    return whole.bytes;
  },
});

const textOf = async (source: DataSource, key: string): Promise<string> => {
  const text = await source.read(key);
  if (text === undefined) throw missingFile(key);
  return text;
};
