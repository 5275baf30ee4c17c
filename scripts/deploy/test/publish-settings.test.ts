import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parseSettings } from '@compliance/core';
import { EXEMPTIONS_KEY, MAX_STORED_BYTES, SETTINGS_KEY } from '@compliance/runtime';
import { describe, expect, test } from 'vitest';

import type { Options } from '../src/base/options.ts';
import { COMMANDS } from '../src/commands.ts';
import { publishSettings } from '../src/functions/publish-settings.ts';
import type { DeployContext } from '../src/context/deploy-context.ts';
import { fakeOrganization } from './fake-organization.ts';

/** Sets up settings with this owner and external id, and an exemption with this reason. */
const start = async ({
  owner = '',
  reason = 'Rewritten nightly',
  externalId = 'not-a-password',
  YES = '1',
  matchers = {},
}) => {
  const fake = await fakeOrganization(['111122223333']);
  const { settings, ...found } = fake.context({ YES });
  const accounts = settings.accounts.map((account) => ({ ...account, ...(owner !== '' && { owner }) }));
  const context: DeployContext = {
    ...found,
    settings: { ...settings, organization: { ...settings.organization, externalId }, accounts },
  };
  const exemption = {
    id: 'EX-1',
    accounts: ['111122223333'],
    reason,
    owner: 'data',
    approver: 'security',
    ticket: 'SEC-12',
    expires: '2027-01-31',
    ...matchers,
  };
  const exemptionsPath = join(fake.folder, 'exemptions.yaml');
  await writeFile(exemptionsPath, JSON.stringify({ exemptions: [exemption] }));
  return {
    ...fake,
    exemptionsPath,
    settingsPath: found.settingsPath,
    publish: (parts: object = {}, options: Partial<Options> = {}) =>
      publishSettings({
        ...context,
        options: { ...context.options, ...options },
        settings: parseSettings({ ...context.settings, ...parts }),
      }),
    plan: () => COMMANDS['plan']?.(context),
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
    expect(said).toEqual([
      expect.stringContaining(
        'Settings: 2 changes, 2 of them allow more than before.\n  wider  Account 111122223333 (name of 111122223333) is added.',
      ),
      'Published settings of 1 accounts and 1 exemptions.',
    ]);
  });

  test('what is published already is not published again', async () => {
    const { publish, said, objects } = await start({});
    await publish();
    objects.delete(EXEMPTIONS_KEY);
    said.length = 0;
    await publish();
    expect(said[0]).toContain(
      'Settings: 1 change, 1 of them allows more than before.\n  wider  Exemption EX-1',
    );
    said.length = 0;
    await publish();
    expect(said).toEqual(['Nothing to publish: the functions have exactly these settings and exemptions.']);
  });

  test('every change is shown: who may do more first, and what must be deployed as well', async () => {
    const { publish, said, exemptionsPath } = await start({});
    await publish({ rules: { S3_ENABLE_VERSIONING: { mode: 'approve' } } });
    said.length = 0;
    await writeFile(exemptionsPath, '{ "exemptions": [] }');
    await publish({
      rules: {
        S3_ENABLE_VERSIONING: { mode: 'auto' },
        IAM_ROTATE_ACCESS_KEYS: { parameters: { maxAccessKeyAge: 30 } },
        EC2_RESTRICT_ADMIN_PORTS_IPV4: { mode: 'off' },
      },
      limits: { failuresPerHour: 7 },
    });
    const where = 'in 111122223333 (name of 111122223333).';
    expect(said[0]?.split('\n')).toEqual([
      'Settings: 5 changes, 4 of them allow more than before.',
      `  wider  IAM_ROTATE_ACCESS_KEYS: parameter maxAccessKeyAge becomes 30, before the default ${where}`,
      `  wider  S3_ENABLE_VERSIONING: mode approve becomes auto: its fixes run automatically (s3:PutBucketVersioning); ${where}`,
      '  wider  limits.failuresPerHour becomes 7, before 5.',
      '  wider  Exemption EX-1 is removed: what it covered may be fixed.',
      `         EC2_RESTRICT_ADMIN_PORTS_IPV4: mode plan becomes off; ${where}`,
      'Roles, functions or packs change with them. Run afterwards: make deploy-member rollout',
    ]);
  });

  test.skipIf(process.stdin.isTTY)('nothing is published before the answer', async () => {
    const { publish, objects, said } = await start({ YES: '' });
    await expect(publish()).rejects.toThrow('Publish these settings? There is no terminal');
    expect(said[0]).toContain('is added');
    expect(objects.size).toBe(0);
  });

  test.each(['{', '{ "organization": "of another release" }'])(
    'published settings that this release cannot parse, %s, are replaced, after all was shown as new',
    async (published) => {
      const { publish, objects, said } = await start({});
      objects.set(SETTINGS_KEY, published);
      await publish();
      expect(said[0]).toMatch(/^What is published cannot be parsed, so everything is shown as new: /);
      expect(said[0]).toContain('wider  Account 111122223333');
      expect(objects.get(SETTINGS_KEY)).toContain('111122223333');
    },
  );

  test('a mode that changes neither packs nor roles needs nothing else', async () => {
    const { publish, said } = await start({});
    await publish({ rules: { S3_ENABLE_VERSIONING: { mode: 'approve' } } });
    said.length = 0;
    await publish({ rules: { S3_ENABLE_VERSIONING: { mode: 'plan' } } });
    expect(said[0]).not.toContain('Run afterwards');
  });

  test('what a publication changes is an event with the person, the revisions and what differs', async () => {
    const { publish, events, exemptionsPath, rows } = await start({});
    await publish();
    expect(events).toMatchObject([
      { type: 'settings-changed', actor: 'arn:aws:sts::999988887777:assumed-role/ops/jo' },
      { type: 'account-joined', accountId: '111122223333', name: 'name of 111122223333' },
      { type: 'exemptions-changed', added: ['EX-1'], changed: [], removed: [] },
    ]);
    await publish();
    expect(events).toHaveLength(3);
    await writeFile(exemptionsPath, JSON.stringify({ exemptions: [] }));
    await publish();
    expect(events.slice(3)).toMatchObject([{ type: 'exemptions-changed', added: [], removed: ['EX-1'] }]);
    const [first, last] = events.filter((event) => event.type === 'exemptions-changed');
    expect(last?.previousRevision).toBe(first?.revision);
    expect([...rows]).toEqual([]);
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

  test('the external id of the example is neither planned nor published', async () => {
    const { publish, plan, objects } = await start({ externalId: 'change-me-to-some-random-text' });
    const refusal = /^organization\.externalId: is still the placeholder 'change-me-to-some-random-text'/;
    await expect(publish()).rejects.toThrow(refusal);
    await expect(plan()).rejects.toThrow(refusal);
    expect(objects.size).toBe(0);
  });

  test('exemptions in UTF-16 are refused before any upload', async () => {
    const { publish, objects, exemptionsPath } = await start({});
    await writeFile(exemptionsPath, Buffer.from('\uFEFFexemptions: []', 'utf16le'));
    await expect(publish()).rejects.toThrow(`${exemptionsPath} is UTF-16`);
    expect(objects.size).toBe(0);
  });

  test('an exemption that any account can claim by a tag is refused before any upload', async () => {
    const matchers = { accounts: undefined, tags: { public: 'yes' } };
    const { publish, objects, exemptionsPath } = await start({ matchers });
    await expect(publish()).rejects.toThrow(
      `${exemptionsPath}: EX-1: exempts by a tag that any account can set`,
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
