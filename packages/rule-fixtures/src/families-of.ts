import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { isPlainObject } from '@compliance/core';

import { REPOSITORY, packageOf } from './packages.ts';

/** The families that a rule's package depends on, as folders of `packages/rules-shared`. */
export const familiesOf = (command: string): readonly string[] => {
  const manifest: unknown = JSON.parse(readFileSync(join(packageOf(command), 'package.json'), 'utf8'));
  return Object.keys(dependenciesOf(manifest))
    .filter((name) => name.startsWith('@compliance/'))
    .map((name) => name.slice('@compliance/'.length))
    .filter((name) => existsSync(join(REPOSITORY, 'packages/rules-shared', name)));
};

const dependenciesOf = (manifest: unknown): object => {
  const dependencies = isPlainObject(manifest) ? manifest['dependencies'] : undefined;
  return isPlainObject(dependencies) ? dependencies : {};
};
