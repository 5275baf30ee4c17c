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

import { preflight } from '../src/index.ts';
import { reviewPlan } from '../src/review/review-plan.ts';
import { withoutWarnings } from './examples.ts';

const repository = join(import.meta.dirname, '../../..');
const HOME = 'eu-west-1';
const ELSEWHERE = 'us-east-1';
const REGIONS = [HOME, ELSEWHERE];
const run = promisify(execFile);

let org: LocalOrg;
let folder: string;
let settings: Settings;
let whyNot: string | undefined;

beforeAll(async () => {
  whyNot = await whyNoTerraform();
  folder = await mkdtemp(join(tmpdir(), 'deployment-checks-'));
  org = await startLocalOrg({ homeRegion: HOME, regions: REGIONS, members: [{ name: 'team-a' }] });
  const { id, master, members } = org.organization;
  settings = parseSettings({
    organization: {
      id,
      masterAccountId: master.id,
      externalId: 'local',
      homeRegion: HOME,
      regions: REGIONS,
    },
    accounts: members.map((member) => ({ id: member.id, name: member.name })),
    rules: withoutWarnings(await loadAllRules()),
  });
});
afterAll(async () => {
  await org.stop();
  await rm(folder, { recursive: true, force: true });
});

/** One Terraform root with all modules in both Regions. */
const caller = () => {
  const { masterAccountId } = settings.organization;
  const provider = (alias: string, accountId: string, region: string) => {
    const { accessKeyId, secretAccessKey, sessionToken } = org.credentials(accountId);
    return {
      alias,
      region,
      access_key: accessKeyId,
      secret_key: secretAccessKey,
      token: sessionToken,
      max_retries: 3,
    };
  };
  const module = (source: string, alias: string, variables: object = {}) => ({
    source: `./${source}`,
    providers: { aws: `aws.${alias}` },
    ...variables,
  });
  const zips = { rule_zip: 'main.tf.json', remediation_zip: 'main.tf.json' };
  return {
    provider: {
      aws: REGIONS.flatMap((region) => [
        provider(`master_${region}`, masterAccountId, region),
        provider(`member_${region}`, settings.accounts[0]?.id ?? '', region),
      ]),
    },
    module: {
      master_global: module('master-global', `master_${HOME}`),
      master_home: module('master-home', `master_${HOME}`),
      member_global: module('member-global', `member_${HOME}`),
      ...Object.fromEntries(
        REGIONS.flatMap((region) => [
          [`master_regional_${region}`, module('master-regional', `master_${region}`, zips)],
          [
            `member_regional_${region}`,
            module('member-regional', `member_${region}`, { create_recorder: true }),
          ],
          [`rollout_${region}`, module(`rollout/${region}`, `master_${region}`)],
        ]),
      ),
    },
  };
};

/** The `terraform show -json` output of a plan for the local organization. */
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
  const show = `eval "$('${repository}/scripts/terraform-providers.sh')"; exec terraform show -json plan`;
  const { stdout } = await run('bash', ['-c', show], { cwd: out, maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout);
};

interface RealPlan {
  resource_changes: { address: string; change: { after: Record<string, unknown> } }[];
}

const changeAt = (plan: RealPlan, ...parts: readonly string[]) => {
  const found = plan.resource_changes.find(({ address }) => parts.every((part) => address.includes(part)));
  if (!found) throw new Error(`The plan has nothing at ${parts.join(' … ')}.`);
  return found;
};

test(
  'a real plan of both Regions is covered completely, and a problem in the second Region alone is found',
  { timeout: 240_000 },
  async (context) => {
    context.skip(whyNot !== undefined, whyNot);
    const plan = await realPlan();
    const desired = { rules: await loadAllRules(), settings };
    const answer = await preflight({ ...desired, source: { type: 'plan', plan } });
    expect(answer).toMatchObject({ exitCode: 0, json: { findings: [], gaps: [] } });
    expect(answer.text).toContain('2 could not run everywhere:\n  service control policies');
    expect(reviewPlan(plan, desired).errors).toEqual([]);

    const findingsOnceMutated = async (mutate: (mutated: RealPlan) => void) => {
      // The plan has this shape, as far as it is changed here.
      const mutated = structuredClone(plan) as RealPlan;
      mutate(mutated);
      const { json } = await preflight({ ...desired, source: { type: 'plan', plan: mutated } });
      return json;
    };
    const inSecond = expect.stringContaining(ELSEWHERE) as unknown;
    expect(
      await findingsOnceMutated((mutated) => {
        changeAt(mutated, `master_regional_${ELSEWHERE}`, 'aws_lambda_permission.rule').change.after[
          'source_account'
        ] = '123412341234';
      }),
    ).toMatchObject({
      findings: [
        { check: 'rule-function-admits-config', subject: inSecond },
        { check: 'function-permission-known', subject: inSecond },
      ],
    });
    expect(
      await findingsOnceMutated((mutated) => {
        const recorder = changeAt(
          mutated,
          `member_regional_${ELSEWHERE}`,
          'aws_config_configuration_recorder.',
        );
        recorder.change.after['recording_group'] = [
          { all_supported: true, include_global_resource_types: true },
        ];
      }),
    ).toMatchObject({ findings: [{ check: 'recorder-global-once', subject: inSecond }] });
    expect(
      await findingsOnceMutated((mutated) => {
        changeAt(mutated, `member_regional_${ELSEWHERE}`, 'aws_cloudwatch_event_target.').change.after[
          'role_arn'
        ] = null;
      }),
    ).toMatchObject({ findings: [{ check: 'forwarding-rule-target', subject: inSecond }] });
  },
);
