import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';

import { parseOptions } from '../src/base/options.ts';
import { assertSuccess, createRoot, runInRoot } from '../src/terraform/root.ts';
import { synth } from '../src/terraform/synth.ts';
import { createDeployContext } from '../src/context/deploy-context.ts';
import { rollOut } from '../src/packs/rollout.ts';
import { fakeOrganization } from './fake-organization.ts';

const compliance = (changes: { organization?: object; [member: string]: unknown } = {}) => {
  const { organization, ...others } = changes;
  return stringify({
    organization: {
      id: 'o-exampleorg1',
      masterAccountId: '999988887777',
      externalId: 'an-external-id',
      homeRegion: 'eu-west-1',
      regions: ['eu-west-1'],
      ...organization,
    },
    accounts: [{ id: '111122223333', name: 'payments' }],
    ...others,
  });
};

describe('invalid input is refused before anything is changed', () => {
  let folder: string;
  let settingsPath: string;
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  const { signal } = new AbortController();
  const find = async (text: string, env: Record<string, string> = {}) => {
    await writeFile(settingsPath, text);
    return createDeployContext(parseOptions({ SETTINGS: settingsPath, ...env }), { say, signal });
  };
  const render = async (text: string) => {
    await writeFile(settingsPath, text);
    await synth({ settingsPath, modules: join(folder, 'modules'), say });
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bad-input-'));
    settingsPath = join(folder, 'compliance.yaml');
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  test.for([
    ['an account id of 11 digits', { accounts: [{ id: '11112222333', name: 'x' }] }, '12 digits'],
    ['an unknown Region', { organization: { regions: ['eu-west'] } }, 'is not an AWS Region'],
    [
      'a home Region that is not listed',
      { organization: { homeRegion: 'us-east-1' } },
      'us-east-1 is not among the Regions',
    ],
  ] as const)('compliance.yaml with %s is refused', async ([, changes, message]) => {
    await expect(find(compliance(changes))).rejects.toThrow(message);
  });
  test.for([
    [{ ACCOUNTS: '444455556666' }, 'does not list the account 444455556666'],
    [{ CANARY: '444455556666' }, 'does not list the account 444455556666'],
    [{ REGIONS: 'eu-west-2' }, 'does not list the Region eu-west-2'],
  ] as const)('%o, which compliance.yaml does not list, is refused', async ([env, message]) => {
    await expect(find(compliance(), env)).rejects.toThrow(message);
  });
  test('a missing compliance.yaml is reported', async () => {
    const options = parseOptions({ SETTINGS: join(folder, 'none.yaml') });
    await expect(createDeployContext(options, { say, signal })).rejects.toThrow(
      'Copy compliance.example.yaml',
    );
  });
  test('an unknown rule and a parameter of the wrong type are reported', async () => {
    const rules = {
      S3_ENABLE_VERSIONIN: {},
      IAM_ROTATE_ACCESS_KEYS: { parameters: { maxAccessKeyAge: 'ninety' } },
    };
    const rendering = render(compliance({ rules }));
    await expect(rendering).rejects.toThrow(
      "rules.S3_ENABLE_VERSIONIN: unknown rule S3_ENABLE_VERSIONIN - did you mean 'S3_ENABLE_VERSIONING'?",
    );
    await expect(rendering).rejects.toThrow(
      'rules.IAM_ROTATE_ACCESS_KEYS.parameters.maxAccessKeyAge: must be ',
    );
  });
  test('an account that is not in the organization is reported', async () => {
    const { context, given } = await fakeOrganization(['111122223333']);
    const typo = context();
    const [account] = typo.settings.accounts;
    const settings = {
      ...typo.settings,
      accounts: [{ ...account, id: '111122223334', name: 'typo' }],
    };
    // The id is an account id.
    const mistaken = { ...typo, settings: settings as typeof typo.settings };
    await expect(rollOut(mistaken)).rejects.toThrow('lists 111122223334 (typo), which the organization');
    expect(given).toEqual([]);
  });
  test('expired credentials are reported', async () => {
    const sts = createServer((_, answer) => {
      answer.writeHead(403, { 'content-type': 'text/xml' });
      answer.end(
        '<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error></ErrorResponse>',
      );
    }).listen(0, '127.0.0.1');
    await once(sts, 'listening');
    const address = sts.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const environment = {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'expired',
      AWS_SECRET_ACCESS_KEY: 'expired',
    };
    const before = { ...process.env };
    Object.assign(process.env, environment);
    try {
      await expect(find(compliance())).rejects.toThrow(
        /The AWS credentials have expired\. Log in again, .* use LOCAL=1/,
      );
    } finally {
      for (const name of Object.keys(environment)) delete process.env[name];
      Object.assign(process.env, before);
      sts.close();
    }
  });
  test('a locked state is reported with the command that unlocks it', async () => {
    const { context } = await fakeOrganization(['111122223333']);
    const output = 'Error: Error acquiring the state lock\n\nLock Info:\n  ID:        1-2-3\n  Path: x\n';
    const locked = { ...context(), terraform: async () => ({ code: 1, output }) };
    const root = createRoot('master-home', { accountId: '999988887777', region: 'eu-west-1' });
    const end = await runInRoot(locked, root, ['plan']);
    expect(() => assertSuccess(root, 'plan', end)).toThrow(
      /was killed, unlock with: terraform -chdir=\S+master-home\/999988887777\/eu-west-1 force-unlock -force 1-2-3/,
    );
  });
});
