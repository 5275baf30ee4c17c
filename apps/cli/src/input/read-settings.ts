import { Settings, formerPath, withCurrentNames } from '@compliance/core/scan';

import { UsageError } from '../output/exit-codes.ts';
import { readYaml, type YamlFile, type YamlFormat } from './read-yaml.ts';

export const SETTINGS_FILE = 'compliance.yaml';
export const SETTINGS_FORMAT: YamlFormat<Settings> = {
  schema: Settings,
  rename: withCurrentNames,
  formerPath,
};

/** Reads the named file or ./compliance.yaml, if there is one. @throws {UsageError} naming each mistake */
export const readSettings = async (path?: string): Promise<Settings | undefined> =>
  (await readYaml(SETTINGS_FORMAT, SETTINGS_FILE, path))?.value;

/** Reads the settings with the line of each key. @throws {UsageError} naming each mistake, or when there is no file */
export const readSettingsFile = async (path?: string): Promise<YamlFile<Settings>> => {
  const file = await readYaml(SETTINGS_FORMAT, SETTINGS_FILE, path);
  if (file) return file;
  throw new UsageError(`Settings file not found: ./${SETTINGS_FILE}. Use --settings to name another file.`);
};
