import { describe, expect, test } from 'vitest';

import { runChecks } from '../src/checks/run-checks.ts';
import { uncovered } from '../src/checks/uncovered.ts';
import type { Deployment } from '../src/model/deployment.ts';
import { PlanJson } from '../src/plan/plan-json.ts';
import { plannedDeployments } from '../src/plan/planned-deployments.ts';
import { HOME, MASTER, someRules, someSettings } from './examples.ts';
import { goodPlan, type Change, type GoodPlan } from './good-plan.ts';

const signingKeyArn = `arn:aws:kms:${HOME}:${MASTER}:key/1234abcd`;
const settings = someSettings({ ledger: { signingKeyArn, lockDays: 400 } });
const desired = { rules: someRules, settings };
const deploymentOf = (plan: GoodPlan): Deployment =>
  plannedDeployments(PlanJson.parse(plan), {
    accountIds: settings.accounts.map(({ id }) => id),
    masterAccountId: MASTER,
  }).after;

const at = (plan: GoodPlan, address: string): Change => {
  const found = plan.resource_changes.find((change) => change.address.endsWith(address));
  if (!found) throw new Error(`The plan has nothing at ${address}.`);
  return found;
};
const without = (plan: GoodPlan, address: string) => {
  const gone = at(plan, address);
  plan.resource_changes = plan.resource_changes.filter((change) => change !== gone);
};

describe('a deployment that seals its ledger', () => {
  test('has no problem as emitted; only a reading of AWS knows the key', () => {
    const deployment = deploymentOf(goodPlan(someRules, settings));
    expect(runChecks(deployment, desired).findings).toEqual([]);
    expect(uncovered(deployment, desired)).toContain(
      `key that signs the ledger: ${MASTER} (not in a plan; preflight without --plan reads it from AWS)`,
    );
  });

  test('needs no keeper where the settings name no key', () => {
    const plain = { ...desired, settings: someSettings() };
    expect(runChecks(deploymentOf(goodPlan()), plain).findings).toEqual([]);
    expect(uncovered(deploymentOf(goodPlan()), plain).join()).not.toContain('ledger');
  });

  test.each<[string, (plan: GoodPlan) => void, string]>([
    ['the keeper is missing', (plan) => without(plan, 'aws_lambda_function.keeper'), 'keeper-exists'],
    ['the sealed bucket is missing', (plan) => without(plan, 'aws_s3_bucket.sealed'), 'keeper-stores'],
    ['the log group is missing', (plan) => without(plan, 'aws_cloudwatch_log_group.keeper'), 'keeper-stores'],
    [
      'the keeper locks for another time than the settings say',
      (plan) => {
        const { after } = at(plan, 'aws_lambda_function.keeper').change;
        Object.assign(after ?? {}, { environment: [{ variables: { COMPLIANCE_LOCK_DAYS: '1' } }] });
      },
      'keeper-environment',
    ],
    [
      'the keeper runs as the rule function',
      (plan) => {
        const { after } = at(plan, 'aws_lambda_function.keeper').change;
        Object.assign(after ?? {}, { role: `arn:aws:iam::${MASTER}:role/compliance-generic-rule-execution` });
      },
      'keeper-role',
    ],
    [
      'the role of the keeper may delete what is sealed',
      (plan) => {
        const { after } = at(plan, 'aws_iam_policy.compliance_keeper_execution').change;
        const policy = String(after?.['policy']).replace(
          '"s3:PutObjectRetention"',
          '"s3:PutObjectRetention","s3:DeleteObjectVersion"',
        );
        Object.assign(after ?? {}, { policy });
      },
      'role-policy-narrow',
    ],
    [
      'the role of the keeper may not sign',
      (plan) => {
        const { after } = at(plan, 'aws_iam_policy.compliance_keeper_execution').change;
        Object.assign(after ?? {}, {
          policy: String(after?.['policy']).replace('"kms:Sign"', '"kms:GetPublicKey"'),
        });
      },
      'role-policy-covers',
    ],
  ])('the checks find that %s', (_, mutate, check) => {
    const plan = goodPlan(someRules, settings);
    mutate(plan);
    const { findings } = runChecks(deploymentOf(plan), desired);
    expect([...new Set(findings.map((finding) => finding.check))]).toEqual([check]);
  });

  const key = { arn: signingKeyArn, spec: 'ECC_NIST_EDWARDS25519', usage: 'SIGN_VERIFY' };
  test.each([
    ['fits', [key], []],
    ['is missing', [], ['signing-key']],
    ['is one for RSA', [{ ...key, spec: 'RSA_2048' }], ['signing-key']],
  ])('the checks find whether the key %s', (_, signingKeys, checks) => {
    const good = deploymentOf(goodPlan(someRules, settings));
    const coverage = [...good.coverage, { part: 'signingKey' as const, accountId: MASTER }];
    const { findings } = runChecks({ ...good, signingKeys, coverage }, desired);
    expect(findings.map(({ check }) => check)).toEqual(checks);
    const remedy = 'aws kms create-key --key-spec ECC_NIST_EDWARDS25519';
    expect(findings.every((finding) => finding.remedy.includes(remedy))).toBe(true);
  });
});
