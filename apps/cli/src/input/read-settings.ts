import { Settings } from '@compliance/core';

import { readYaml } from './read-yaml.ts';

export const SETTINGS_FILE = 'compliance.yaml';

/** The settings file that was named, else ./compliance.yaml, else none. @throws {UsageError} naming each mistake */
export const readSettings = async (path?: string): Promise<Settings | undefined> =>
  (await readYaml(Settings, SETTINGS_FILE, path))?.value;
