import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { EXEMPTIONS_KEY, MAX_STORED_BYTES, SETTINGS_KEY } from '@compliance/runtime';
import { describe, expect, test } from 'vitest';

import { publishSettings } from '../src/functions/publish-settings.ts';
import type { DeployContext } from '../src/context/deploy-context.ts';
import { fakeOrganization } from './fake-organization.ts';

/** Sets up settings with this owner and an exemption with this reason. */
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

/** Umlauts have two bytes each. */
const umlauts = (bytes: number) => 'ü'.repeat(Math.ceil(bytes / 2));

describe('publishing the settings', () => {
  test('settings and exemptions are published', async () => {
    const { publish, objects, said } = await start({});
    await publish();
    expect([...objects.keys()]).toEqual([SETTINGS_KEY, EXEMPTIONS_KEY]);
    expect(JSON.parse(objects.get(EXEMPTIONS_KEY) ?? '')).toMatchObject({ exemptions: [{ id: 'EX-1' }] });
    expect(said).toEqual(['Published settings of 1 accounts and 1 exemptions.']);
  });

  test('settings that are too large for the functions are refused before any upload', async () => {
    const { publish, objects, settingsPath } = await start({ owner: umlauts(MAX_STORED_BYTES) });
    await expect(publish()).rejects.toThrow(
      new RegExp(
        `^${settingsPath} is too large: 500\\d{4} bytes; .* no more than ${MAX_STORED_BYTES}\\. Use groups`,
      ),
    );
    expect(objects.size).toBe(0);
  });

  test('exemptions that are too large for the functions are refused before any upload', async () => {
    const { publish, objects, exemptionsPath } = await start({ reason: umlauts(MAX_STORED_BYTES) });
    await expect(publish()).rejects.toThrow(
      new RegExp(
        `^${exemptionsPath} is too large: 500\\d{4} bytes; .* no more than ${MAX_STORED_BYTES}\\. Remove`,
      ),
    );
    expect(objects.size).toBe(0);
  });
});
