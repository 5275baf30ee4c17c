import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
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
    [{ name: `EBS_${'A'.repeat(125)}` }, 'NAME has 129 characters, and AWS Config'],
    [{ name: 'a'.repeat(300) }, 'NAME has 300 characters'],
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

describe('a family', () => {
  const families = {
    ...there,
    'packages/rules/ebs-a/src/index.ts': `export { rule } from './rule.ts';`,
    'packages/rules/ebs-a/src/rule.ts': `import '@compliance/ebs-settings'; export const rule = { resourceType: 'AWS::EC2::Volume' };`,
  };
  const written = (parts: object) => {
    const root = repositoryWith(families);
    mkdirSync(join(root, 'node_modules/@compliance'), { recursive: true });
    symlinkSync(
      join(root, 'packages/rules-shared/ebs-settings'),
      join(root, 'node_modules/@compliance/ebs-settings'),
    );
    writeFileSync(
      join(root, 'packages/rules-shared/ebs-settings/package.json'),
      '{ "type": "module", "exports": "./src/index.ts" }',
    );
    return writeNewRule(root, { ...request, family: 'ebs-settings', ...parts });
  };

  test.each([{ resource: 'AWS::EC2::VPC' }, { resource: '' }])(
    '%j is refused with a family whose rules judge another type',
    async (parts) => {
      await expect(written(parts)).rejects.toThrow(
        `FAMILY 'ebs-settings' observes AWS::EC2::Volume, not ${parts.resource || 'AWS::::Account'}.`,
      );
    },
  );
  test('the type that its rules judge is accepted', async () => {
    await expect(written({ resource: 'AWS::EC2::Volume' })).resolves.toBe(FOLDER);
  });
});

test('a name that is like the name of a rule gets a hint', () => {
  const root = repositoryWith(there);
  expect(nearRule(root, 'S3_ENABLE_VERSIONS')).toBe(` - did you mean 'S3_ENABLE_VERSIONING'?`);
  expect(nearRule(root, 'EBS_ENCRYPT_BY_DEFAULT')).toBe('');
});
