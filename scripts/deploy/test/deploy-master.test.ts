import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parseSettings } from '@compliance/core';
import { SETTINGS_KEY } from '@compliance/runtime';
import { expect, test } from 'vitest';

import { parseOptions } from '../src/base/options.ts';
import type { DeployContext } from '../src/context/deploy-context.ts';
import { deployMaster } from '../src/functions/deploy-master.ts';
import { fakeOrganization } from './fake-organization.ts';

const start = async () => {
  const fake = await fakeOrganization(['111122223333']);
  for (const module of ['master-global', 'master-home', 'master-regional']) {
    const folder = join(fake.folder, 'modules', module);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'main.tf.json'), JSON.stringify({ terraform: {} }));
  }
  const deploy = (parts: object = {}, YES = '1') => {
    const context: DeployContext = { ...fake.context(), options: parseOptions({ YES }) };
    return deployMaster({ ...context, settings: parseSettings({ ...context.settings, ...parts }) });
  };
  return { ...fake, deploy };
};

test.skipIf(process.stdin.isTTY)(
  'deploy-master asks once for the changes of Terraform and of the settings, before any of them',
  async () => {
    const { deploy, said, touched, objects } = await start();
    await expect(deploy({}, '')).rejects.toThrow(
      'Apply these changes to 3 state(s) in 1 account(s), and publish these settings? There is no terminal',
    );
    expect(said.at(-1)).toContain('Account 111122223333 (name of 111122223333) is added');
    expect(touched).toEqual([]);
    expect(objects.size).toBe(0);
  },
);

test.skipIf(process.stdin.isTTY)(
  'deploy-master without a change of Terraform asks before it publishes edited settings',
  async () => {
    const { deploy, objects } = await start();
    await deploy();
    const before = objects.get(SETTINGS_KEY);
    const rules = { S3_ENABLE_VERSIONING: { mode: 'auto' } };
    await expect(deploy({ rules }, '')).rejects.toThrow(/^Publish these settings\? There is no terminal/);
    expect(objects.get(SETTINGS_KEY)).toBe(before);
    await deploy({ rules });
    expect(objects.get(SETTINGS_KEY)).toContain('auto');
  },
);

test('deploy-master with nothing to change neither asks nor publishes', async () => {
  const { deploy, said, touched } = await start();
  await deploy();
  touched.length = 0;
  await deploy({}, '');
  expect(said.at(-1)).toBe('Nothing to change.');
  expect(touched).toEqual([]);
});
