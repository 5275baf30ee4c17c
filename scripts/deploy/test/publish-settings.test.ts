import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { EXEMPTIONS_KEY, MAX_STORED_BYTES, SETTINGS_KEY } from '@compliance/runtime';
import { describe, expect, test } from 'vitest';

import { publishSettings } from '../src/functions/publish-settings.ts';
import type { DeployContext } from '../src/context/deploy-context.ts';
import { fakeOrganization } from './fake-organization.ts';

/** Settings and an exemption as large as it is told. */
const start = async ({ owner = '', reason = 'Rewritten nightly' }) => {
  const fake = await fakeOrganization(['111122223333']);
  const { settings, ...found } = fake.context();
  const accounts = settings.accounts.map((account) => ({ ...account, ...(owner !== '' && { owner }) }));
  const context: DeployContext = { ...found, settings: { ...settings, accounts } };
  const exemption = {
    id: 'EX-1',
    accounts: ['111122223333'],
    reason,
    owner: 'data',
    approver: 'security',
    ticket: 'SEC-12',
    expires: '2027-01-31',
  };
  const exemptionsPath = join(fake.folder, 'exemptions.yaml');
  await writeFile(exemptionsPath, JSON.stringify({ exemptions: [exemption] }));
  return {
    ...fake,
    exemptionsPath,
    settingsPath: found.settingsPath,
    publish: () => publishSettings(context),
  };
};

/** Of two bytes each. */
const umlauts = (bytes: number) => 'ü'.repeat(Math.ceil(bytes / 2));

describe('publishing the settings', () => {
  test('gives the functions the settings and the exemptions', async () => {
    const { publish, objects, said } = await start({});
    await publish();
    expect([...objects.keys()]).toEqual([SETTINGS_KEY, EXEMPTIONS_KEY]);
    expect(JSON.parse(objects.get(EXEMPTIONS_KEY) ?? '')).toMatchObject({ exemptions: [{ id: 'EX-1' }] });
    expect(said).toEqual(['Published settings of 1 accounts and 1 exemptions.']);
  });

  test('refuses settings that the functions would not read, before anything is uploaded', async () => {
    const { publish, objects, settingsPath } = await start({ owner: umlauts(MAX_STORED_BYTES) });
    await expect(publish()).rejects.toThrow(
      new RegExp(`^${settingsPath} is 500\\d{4} bytes .* no more than ${MAX_STORED_BYTES}\\. Say for groups`),
    );
    expect(objects.size).toBe(0);
  });

  test('refuses exemptions that the functions would not read, before anything is uploaded', async () => {
    const { publish, objects, exemptionsPath } = await start({ reason: umlauts(MAX_STORED_BYTES) });
    await expect(publish()).rejects.toThrow(
      new RegExp(`^${exemptionsPath} is 500\\d{4} bytes .* no more than ${MAX_STORED_BYTES}\\. Take out`),
    );
    expect(objects.size).toBe(0);
  });
});
