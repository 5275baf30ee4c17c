import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { generatedFiles } from '../generated-files.ts';
import { repositoryWith } from './repository.ts';

const INDEX = `export { rule } from './rule.ts';\n`;

const generatedIn = (root: string) =>
  Object.fromEntries(generatedFiles(root).map(({ path, text }) => [path, text]));

const manifestIn = (root: string, path: string): unknown =>
  JSON.parse(generatedIn(root)[`${path}/package.json`] ?? '');

describe('a manifest', () => {
  test('names what src imports as dependencies, and what only tests import as devDependencies', () => {
    const root = repositoryWith({
      'packages/rules-shared/ec2-groups/src/index.ts': `export const groups = [];\n`,
      'packages/rules/vpc-x/src/index.ts': INDEX,
      'packages/rules/vpc-x/src/rule.ts': `import {
  call,
  change,
} from '@compliance/core/rule';
import type { Group } from '@compliance/ec2-groups';
import { readFileSync } from 'node:fs';
import * as z from 'zod';
`,
      'packages/rules/vpc-x/test/deep/rule.test.ts': `import { core } from '@compliance/core/testing';
const { EC2Client } = await import('@aws-sdk/client-ec2');
`,
    });
    expect(manifestIn(root, 'packages/rules/vpc-x')).toMatchObject({
      name: '@compliance/vpc-x',
      scripts: { test: 'vitest run --root ../../.. packages/rules/vpc-x/' },
      dependencies: {
        '@compliance/core': 'workspace:*',
        '@compliance/ec2-groups': 'workspace:*',
        zod: 'catalog:',
      },
      devDependencies: { '@aws-sdk/client-ec2': 'catalog:', vitest: 'catalog:' },
    });
    expect(generatedIn(root)['packages/rules-shared/ec2-groups/turbo.json']).toContain('"family"');
  });

  test('takes no import from comments or strings', () => {
    const root = repositoryWith({
      'packages/rules/vpc-x/src/index.ts': `${INDEX}// import 'a';
/**
 * import { b } from 'b';
 */
export const text = "copied from 'c'";
export const list = [1]; const other = { from: 'd' };
`,
    });
    expect(manifestIn(root, 'packages/rules/vpc-x')).toMatchObject({ dependencies: {} });
  });
});

test('what a family shares with the tests of its rules is a second entry point', () => {
  const shared = (files: readonly string[]) =>
    repositoryWith({
      'packages/rules-shared/trails/src/index.ts': '',
      ...Object.fromEntries(files.map((file) => [`packages/rules-shared/trails/src/testing/${file}`, ''])),
    });
  expect(manifestIn(shared(['seeds.ts']), 'packages/rules-shared/trails')).toMatchObject({
    exports: { '.': './src/index.ts', './testing': './src/testing/seeds.ts' },
  });
  expect(manifestIn(shared(['a.ts', 'index.ts']), 'packages/rules-shared/trails')).toMatchObject({
    exports: { './testing': './src/testing/index.ts' },
  });
  expect(() => generatedFiles(shared(['a.ts', 'b.ts']))).toThrow('several files and no index.ts');
});

test('an SDK client that the catalog lacks is refused with the line to add', () => {
  const root = repositoryWith({
    'packages/rules/macie-x/src/index.ts': INDEX,
    'packages/rules/macie-x/src/rule.ts': `import { Macie2Client } from '@aws-sdk/client-macie2';\n`,
  });
  expect(() => generatedFiles(root)).toThrow(
    `packages/rules/macie-x/src/rule.ts imports @aws-sdk/client-macie2, which the catalog does not have. Add to it in pnpm-workspace.yaml:\n  '@aws-sdk/client-macie2': ^3.1.0`,
  );
});

test('a package that the repository lacks is refused', () => {
  const root = repositoryWith({ 'packages/rules/x-y/src/index.ts': `export * from '@compliance/family';\n` });
  expect(() => generatedFiles(root)).toThrow(
    'packages/rules/x-y/src/index.ts imports @compliance/family, which is not a package of this repository.',
  );
});

test('a folder without an entry point is refused', () => {
  const root = repositoryWith({ 'packages/rules/x-y/src/rule.ts': '' });
  expect(() => generatedFiles(root)).toThrow('packages/rules/x-y is not a package');
});

test('what a removed rule left behind is not registered', () => {
  const root = repositoryWith({ 'packages/rules/x-y/src/index.ts': INDEX });
  mkdirSync(join(root, 'packages/rules/gone-rule/node_modules'), { recursive: true });
  const { 'packages/registry/src/loaders.ts': loaders } = generatedIn(root);
  expect(loaders).toContain(`X_Y: () => import('@compliance/x-y'),`);
  expect(loaders).not.toContain('GONE_RULE');
});
