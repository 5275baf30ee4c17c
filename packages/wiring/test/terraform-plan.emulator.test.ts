import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { parseSettings, type Settings } from '@compliance/core';
import { runTerraform, whyNoTerraform } from '@compliance/infra/terraform-cli';
import { startLocalOrg, type LocalOrg } from '@compliance/local-org';
import { loadAllRules } from '@compliance/registry';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { preflight, reviewPlan } from '../src/index.ts';

const repository = join(import.meta.dirname, '../../..');
const REGION = 'eu-west-1';
const run = promisify(execFile);

let org: LocalOrg;
let folder: string;
let settings: Settings;
let whyNot: string | undefined;

beforeAll(async () => {
  whyNot = await whyNoTerraform();
  folder = await mkdtemp(join(tmpdir(), 'wiring-'));
  org = await startLocalOrg({ homeRegion: REGION, members: [{ name: 'team-a' }] });
  const { id, master, members } = org.organization;
  settings = parseSettings({
    organization: {
      id,
      masterAccountId: master.id,
      externalId: 'local',
      homeRegion: REGION,
      regions: [REGION],
    },
    accounts: members.map((member) => ({ id: member.id, name: member.name })),
  });
}, 60_000);
afterAll(async () => {
  await org.stop();
  await rm(folder, { recursive: true, force: true });
});

/** One root with all modules, as a platform team's own code uses them. */
const caller = () => {
  const provider = (accountId: string) => {
    const { accessKeyId, secretAccessKey, sessionToken } = org.credentials(accountId);
    return {
      region: REGION,
      access_key: accessKeyId,
      secret_key: secretAccessKey,
      token: sessionToken,
      max_retries: 3,
    };
  };
  const { masterAccountId } = settings.organization;
  const zips = { rule_zip: 'main.tf.json', remediation_zip: 'main.tf.json' };
  const inMember = { providers: { aws: 'aws.member' } };
  return {
    provider: {
      aws: [provider(masterAccountId), { alias: 'member', ...provider(settings.accounts[0]?.id ?? '') }],
    },
    module: {
      master_global: { source: './master-global' },
      master_home: { source: './master-home' },
      master_regional: { source: './master-regional', ...zips },
      member_global: { source: './member-global', ...inMember },
      member_regional: { source: './member-regional', create_recorder: true, ...inMember },
      rollout: { source: `./rollout/${REGION}` },
    },
  };
};

/** What `terraform show -json` writes of the plan that applies the emitted modules to the local organization. */
const realPlan = async (): Promise<unknown> => {
  const settingsPath = join(folder, 'compliance.yaml');
  // JSON is YAML.
  await writeFile(settingsPath, JSON.stringify(settings));
  const out = join(folder, 'modules');
  await run(process.execPath, [
    join(repository, 'infra/src/main.ts'),
    '--settings',
    settingsPath,
    '--out',
    out,
  ]);
  await writeFile(join(out, 'main.tf.json'), JSON.stringify(caller()));
  const environment = { AWS_ENDPOINT_URL: org.endpointUrl };
  for (const words of [
    ['init', '-input=false'],
    ['plan', '-input=false', '-out=plan'],
  ]) {
    const { code, output } = await runTerraform({ folder: out, arguments: words, environment });
    if (code !== 0) throw new Error(`terraform ${words.join(' ')} failed: ${output}`);
  }
  const show = `eval "$('${repository}/scripts/terraform-offline.sh')"; exec terraform show -json plan`;
  const { stdout } = await run('bash', ['-c', show], { cwd: out, maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout);
};

test(
  'a real plan of the emitted modules is seen whole and has no broken link',
  { timeout: 240_000 },
  async (context) => {
    context.skip(whyNot !== undefined, whyNot);
    const plan = await realPlan();
    const intent = { rules: await loadAllRules(), settings };
    const answer = await preflight({ ...intent, source: { type: 'plan', plan } });
    expect(answer).toMatchObject({ exitCode: 0, json: { findings: [], unseen: [], gaps: [] } });
    expect(reviewPlan(plan, intent).errors).toEqual([]);
  },
);
