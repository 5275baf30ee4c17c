import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { nearRule, writeNewRule } from '../new-rule.ts';
import { repositoryWith } from './repository.ts';

const request = { name: 'EBS_ENCRYPT_BY_DEFAULT', family: '', resource: '' };
const FOLDER = 'packages/rules/ebs-encrypt-by-default';

const there = {
  'packages/rules/s3-enable-versioning/src/index.ts': '',
  'packages/rules-shared/ebs-settings/src/index.ts':
    'export const observeSettings = 1; export const SETTINGS_PERMISSIONS = 1; export const other = 1;',
  'packages/rules-shared/ports/src/index.ts': 'export const openPorts = 1;',
};

const sourcesIn = (root: string) =>
  readdirSync(join(root, FOLDER), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(root, FOLDER, file), 'utf8'))
    .join('\n');

test('a new rule has exactly three numbered places to fill in', async () => {
  const root = repositoryWith(there);
  await expect(writeNewRule(root, request)).resolves.toBe(FOLDER);
  expect(
    sourcesIn(root)
      .match(/\/\/ \d\. \w+/g)
      ?.toSorted(),
  ).toEqual(['// 1. Observe', '// 2. Fix', '// 3. Seed']);
});

test('the node_modules of a removed rule do not take its name', async () => {
  const root = repositoryWith({ ...there, [`${FOLDER}/node_modules/left.js`]: '' });
  await expect(writeNewRule(root, request)).resolves.toBe(FOLDER);
});

test('a rule of a family observes with it, and declares its permissions', async () => {
  const root = repositoryWith(there);
  await writeNewRule(root, { ...request, family: 'ebs-settings' });
  expect(sourcesIn(root)).toContain(
    `import { SETTINGS_PERMISSIONS, observeSettings } from '@compliance/ebs-settings';`,
  );
});

test('a rule of a resource type is triggered by its changes', async () => {
  const root = repositoryWith(there);
  await writeNewRule(root, { ...request, resource: 'AWS::EC2::VPC' });
  expect(sourcesIn(root)).toContain(`resourceType: 'AWS::EC2::VPC'`);
  expect(sourcesIn(root)).toContain(`triggers: ['change', 'schedule']`);
});

describe('a request that is refused writes nothing', () => {
  test.for([
    [{ name: 'ebs-encrypt' }, `NAME is UPPER_SNAKE_CASE, not 'ebs-encrypt'. Write EBS_ENCRYPT.`],
    [{ name: 'EbsEncryptByDefault' }, 'Write EBS_ENCRYPT_BY_DEFAULT.'],
    [{ name: '../../EBS' }, 'Write two words or more: EBS_ENCRYPT_BY_DEFAULT.'],
    [{ name: 'S3_ENABLE_VERSIONING' }, 'packages/rules/s3-enable-versioning is there'],
    [{ name: 'EBS_SETTINGS' }, 'packages/rules-shared/ebs-settings is there'],
    [{ family: 'ebs-setting' }, `not in packages/rules-shared - did you mean 'ebs-settings'?`],
    [{ family: 'nothing-like-it' }, `not in packages/rules-shared. Known: ebs-settings, ports.`],
    [{ family: 'ports' }, `exports no function observe…, only openPorts`],
    [{ resource: 'vpc' }, `such as AWS::EC2::VPC, not 'vpc'`],
  ] as const)('%j: %s', async ([wrong, message]) => {
    const root = repositoryWith(there);
    await expect(writeNewRule(root, { ...request, ...wrong })).rejects.toThrow(message);
    expect(readdirSync(join(root, 'packages/rules'))).toEqual(['s3-enable-versioning']);
  });

  test('a broken package elsewhere stops the new one before it is written', async () => {
    const root = repositoryWith({ ...there, 'packages/rules/x-y/src/rule.ts': '' });
    await expect(writeNewRule(root, request)).rejects.toThrow('packages/rules/x-y is not a package');
    expect(existsSync(join(root, FOLDER))).toBe(false);
  });
});

test('a name that is like the name of a rule gets a hint', () => {
  const root = repositoryWith(there);
  expect(nearRule(root, 'S3_ENABLE_VERSIONS')).toBe(` - did you mean 'S3_ENABLE_VERSIONING'?`);
  expect(nearRule(root, 'EBS_ENCRYPT_BY_DEFAULT')).toBe('');
});
