import { readFile, writeFile } from 'node:fs/promises';

import { parseSettings } from '@compliance/core';
import { SETTINGS_KEY } from '@compliance/runtime';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { reconcile } from '../src/accounts/reconcile.ts';
import { parseOptions } from '../src/base/options.ts';
import type { DeployContext } from '../src/context/deploy-context.ts';
import { fakeOrganization } from './fake-organization.ts';

const [A, B, NEW] = ['111122223333', '222233334444', '333344445555'];

const compliance = (enroll = '') => `# Ours.
organization:
  id: o-exampleorg1
  masterAccountId: '999988887777'
  externalId: an-external-id
  homeRegion: eu-west-1
  regions: [eu-west-1]
${enroll}accounts:
  # Money.
  - id: '${A}'
    name: payments
  - id: '${B}'
    name: sandbox
    groups: [play]
`;
const ENROLL = '  enroll: { groups: [new] }\n';

/** An organization whose published settings list the accounts of `published`. */
const start = async (
  text: string,
  inOrganization: readonly string[],
  published: readonly string[] = [A, B],
) => {
  const fake = await fakeOrganization(
    [A],
    inOrganization.filter((id) => id !== A),
  );
  const context = async (more: Partial<DeployContext> = {}): Promise<DeployContext> => {
    const found = fake.context();
    const settings = parseSettings(parse(await readFile(found.settingsPath, 'utf8')));
    return { ...found, settings, ...more };
  };
  await writeFile(fake.context().settingsPath, text);
  const { settings } = fake.context();
  const accounts = published.map((id) => ({ id, name: `name of ${id}`, groups: ['play'] }));
  fake.objects.set(SETTINGS_KEY, JSON.stringify({ ...settings, accounts }));
  const file = () => readFile(fake.context().settingsPath, 'utf8');
  return { ...fake, context, file };
};

describe('reconciling', () => {
  test('reconcile with nothing to do reports that and does not run Terraform', async () => {
    const { context, said, ran } = await start(compliance(), [A, B]);
    await reconcile(await context());
    expect(said).toEqual(['Nothing to do: the 2 accounts match o-exampleorg1.']);
    expect(ran).toEqual([]);
  });
  test('reconcile without an organization has nothing to discover', async () => {
    const { context, said } = await start(compliance().replace('  id: o-exampleorg1\n', ''), [A, B]);
    await reconcile(await context());
    expect(said.join()).toContain('nothing to discover');
  });
  test('reconcile enrolls joined accounts and removes those that left, also after interruptions', async () => {
    const { context, file, state, said, touched, given, objects } = await start(compliance(ENROLL), [A, NEW]);
    // Before the first root, then before the second.
    for (const succeed of [0, 1]) {
      state.failsAfter = succeed;
      await expect(reconcile(await context())).rejects.toThrow('throttled');
    }
    state.failsAfter = Infinity;
    touched.length = 0;
    await reconcile(await context());
    expect(touched).toEqual(['master-regional/999988887777/eu-west-1', `member-regional/${NEW}/eu-west-1`]);
    const entry = `  - id: '${NEW}'\n    name: "${NEW}"\n    groups: [new]\n    ou: Root/Workloads/Payments\n`;
    expect(await file()).toBe(compliance(ENROLL).replace(/ {2}- id: '2222[^]*$/, entry));
    expect(JSON.parse(objects.get(SETTINGS_KEY) ?? '')).toMatchObject({ accounts: [{ id: A }, { id: NEW }] });
    expect(given).toEqual([]);
    await reconcile(await context());
    expect(said.at(-1)).toContain('Nothing to do: the 2 accounts');
  });
  test('reconcile publishes the account changes alone, and names all other edits', async () => {
    const auto = 'rules:\n  S3_ENABLE_VERSIONING: { mode: auto }\n';
    const { context, objects, said } = await start(`${compliance(ENROLL)}${auto}`, [A, NEW]);
    await reconcile(await context());
    const published = parseSettings(JSON.parse(objects.get(SETTINGS_KEY) ?? ''));
    expect(published.rules).toEqual({});
    // The name of an account is an edit as well.
    expect(published.accounts).toMatchObject([{ id: A, name: `name of ${A}` }, { id: NEW }]);
    const others = said.find((line) => line.startsWith('Not published'));
    expect(others).toContain(`S3_ENABLE_VERSIONING: mode plan becomes auto`);
    expect(others).toContain(`Account ${A} (payments): name becomes`);
    const shown = said.find((line) => line.startsWith('Settings:'));
    expect(shown).toContain(`Account ${NEW}`);
    expect(shown).not.toContain('auto');
  });
  test.skipIf(process.stdin.isTTY)('reconcile changes nothing before the answer', async () => {
    const { context, file, objects, touched } = await start(compliance(ENROLL), [A, NEW]);
    const before = new Map(objects);
    const options = parseOptions({});
    await expect(reconcile(await context({ options }))).rejects.toThrow(
      'and deploy them? There is no terminal',
    );
    expect(await file()).toBe(compliance(ENROLL));
    expect(objects).toEqual(before);
    expect(touched).toEqual([]);
  });
  test('reconcile refuses accounts that do not suit the published settings', async () => {
    const { context, objects } = await start(compliance(), [A], [A, B]);
    const published = JSON.parse(objects.get(SETTINGS_KEY) ?? '') as { accounts: { groups: string[] }[] };
    published.accounts[0]?.groups.pop();
    const rules = { S3_ENABLE_VERSIONING: { groups: { play: { mode: 'observe' } } } };
    objects.set(SETTINGS_KEY, JSON.stringify({ ...published, rules }));
    await expect(reconcile(await context())).rejects.toThrow(
      /do not suit the published settings: .*no account is in group 'play'.* make settings/,
    );
  });
  test('reconcile only reports joined accounts without organization.enroll', async () => {
    const { context, file, said } = await start(compliance(), [A, B, NEW]);
    await reconcile(await context());
    expect(said[0]).toContain(`Not in compliance.yaml: ${NEW}`);
    expect(await file()).toBe(compliance());
  });
  test('reconcile does not enroll an account of enroll.exclude', async () => {
    const exclude = `  enroll: { exclude: ['${NEW}'] }\n`;
    const { context, file } = await start(compliance(exclude), [A, B, NEW]);
    await reconcile(await context());
    expect(await file()).toBe(compliance(exclude));
  });
  test('reconcile refuses an account that was never in the organization before any change', async () => {
    const { context, file, ran } = await start(compliance(ENROLL), [A, NEW], [A]);
    await expect(reconcile(await context())).rejects.toThrow(`${B} (sandbox), which the organization`);
    expect(await file()).toBe(compliance(ENROLL));
    expect(ran).toEqual([]);
  });
  test('reconcile refuses to remove the last account of a group that a rule names', async () => {
    const text = `${compliance()}rules:\n  S3_ENABLE_VERSIONING: { groups: { play: { mode: auto } } }\n`;
    const { context, file } = await start(text, [A]);
    await expect(reconcile(await context())).rejects.toThrow("no account is in group 'play'");
    expect(await file()).toBe(text);
  });
  test('reconcile refuses to run before the first deployment', async () => {
    const { context, objects } = await start(compliance(), [A, B]);
    objects.clear();
    await expect(reconcile(await context())).rejects.toThrow('Run make deploy-master first');
  });
});
