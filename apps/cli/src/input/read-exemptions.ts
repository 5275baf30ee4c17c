import { Exemptions, type Exemption } from '@compliance/core/scan';

import { UsageError } from '../output/exit-codes.ts';
import { readYaml, type YamlFile } from './read-yaml.ts';

export const EXEMPTIONS_FILE = 'exemptions.yaml';
export const EXEMPTIONS_FORMAT = { schema: Exemptions };

/** Reads the named file or ./exemptions.yaml. @throws {UsageError} naming each mistake, or when there is no file */
export const readExemptionsFile = async (path?: string): Promise<YamlFile<Exemptions>> => {
  const file = await readYaml(EXEMPTIONS_FORMAT, EXEMPTIONS_FILE, path);
  if (file) return file;
  throw new UsageError(`Exemptions file not found: ./${EXEMPTIONS_FILE}. Use --file to name another file.`);
};

/** Reads ./exemptions.yaml; there are no exemptions without the file. @throws {UsageError} naming each mistake */
export const readExemptions = async (): Promise<readonly Exemption[]> =>
  (await readYaml(EXEMPTIONS_FORMAT, EXEMPTIONS_FILE))?.value.exemptions ?? [];
