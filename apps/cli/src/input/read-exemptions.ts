import { Exemptions, type Exemption } from '@compliance/core';

import { readYaml, type YamlFile } from './read-yaml.ts';

export const EXEMPTIONS_FILE = 'exemptions.yaml';

/** The exemptions file that was named, else ./exemptions.yaml, else none. @throws {UsageError} naming each mistake */
export const readExemptionsFile = (path?: string): Promise<YamlFile<Exemptions> | undefined> =>
  readYaml(Exemptions, EXEMPTIONS_FILE, path);

/** The exemptions of ./exemptions.yaml; none where there is no such file. */
export const readExemptions = async (): Promise<readonly Exemption[]> =>
  (await readExemptionsFile())?.value.exemptions ?? [];
