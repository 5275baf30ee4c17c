import { Settings } from '@compliance/core';

import { UsageError } from '../output/exit-codes.ts';
import { readYaml, type YamlFile } from './read-yaml.ts';

export const SETTINGS_FILE = 'compliance.yaml';

/** The settings file that was named, else ./compliance.yaml, else none. @throws {UsageError} naming each mistake */
export const readSettings = async (path?: string): Promise<Settings | undefined> =>
  (await readYaml(Settings, SETTINGS_FILE, path))?.value;

/** The same with the place of each member. @throws {UsageError} when there is no file */
export const readSettingsFileOrThrow = async (path?: string): Promise<YamlFile<Settings>> => {
  const file = await readYaml(Settings, SETTINGS_FILE, path);
  if (file) return file;
  throw new UsageError(`There is no ./${SETTINGS_FILE}; name the file with --settings.`);
};

/** The same settings without their places. @throws {UsageError} when there is no file */
export const readSettingsOrThrow = async (path?: string): Promise<Settings> =>
  (await readSettingsFileOrThrow(path)).value;
