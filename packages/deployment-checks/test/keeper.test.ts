import { describe, expect, test } from 'vitest';

import { runChecks } from '../src/checks/run-checks.ts';
import { uncovered } from '../src/checks/uncovered.ts';
import type { Deployment } from '../src/model/deployment.ts';
import { PlanJson } from '../src/plan/plan-json.ts';
import { plannedDeployments } from '../src/plan/planned-deployments.ts';
import { reviewPlan } from '../src/review/review-plan.ts';
import { HOME, MASTER, someRules, someSettings } from './examples.ts';
import { goodPlan, type Change, type GoodPlan } from './good-plan.ts';
import { planBetween } from './plan-between.ts';

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

describe('the review of a plan that seals the ledger', () => {
  const plain = someSettings();
  const reviewBetween = (before: typeof settings, after: typeof settings) =>
    reviewPlan(planBetween(goodPlan(someRules, before), goodPlan(someRules, after)), {
      rules: someRules,
      settings: after,
      settingsBefore: before,
    });
  const sectionOf = (markdown: string, title: string): string =>
    markdown.split(/^## /m).find((section) => section.startsWith(`${title}\n`)) ?? '';
  const dollarsOf = (markdown: string, item: string): number => {
    const row = sectionOf(markdown, 'Cost')
      .split('\n')
      .find((line) => line.startsWith(`| ${item} |`));
    return Number(row?.split('|')[4]?.replace('$', ''));
  };

  test('shows the keeper, what it may do, and what it costs', () => {
    const { markdown, errors } = reviewBetween(plain, settings);
    expect(errors).toEqual([]);
    const access = sectionOf(markdown, 'Permissions');
    expect(access).toContain(`role compliance-keeper-execution in ${MASTER}`);
    expect(access).toContain(`kms:Sign on ${signingKeyArn}`);
    expect(sectionOf(markdown, 'All changes')).toMatch(/aws_lambda_function\.keeper: create/);
    expect(sectionOf(markdown, 'Cost')).toMatchInlineSnapshot(`
      "Cost

      | Per month | Quantity | Before | After | Change |
      | --- | --- | --- | --- | --- |
      | Configuration items | 2,000 | $6.00 | $6.00 | +$0.00 |
      | Rule evaluations | 2,200 | $2.20 | $2.20 | +$0.00 |
      | Lambda invocations | 2,360 | $0.01 | $0.01 | +$0.00 |
      | Gigabytes of logs | 0.0044 | $0.00 | $0.00 | +$0.00 |
      | Alarms | 0 | $0.00 | $0.00 | +$0.00 |
      | Keys | 0 | $0.00 | $0.00 | +$0.00 |
      | Runs of the keeper | 4,320 | $0.00 | $0.55 | +$0.55 |
      | Requests to S3 of the keeper | 441,470 | $0.00 | $0.97 | +$0.97 |
      | Signatures of the ledger, and its key | 720 | $0.00 | $1.08 | +$1.08 |
      | Gigabytes of the ledger | 0.0046 | $0.00 | $0.00 | +$0.00 |
      | Gigabytes that Athena reads | 0 | $0.00 | $0.00 | +$0.00 |
      | **Total** |  | **$8.21** | **$10.81** | **+$2.59** |
      | Rule evaluations, if sweeps reported everything | 17,060 | $17.06 | $17.06 | +$0.00 |

      Assumptions, because a plan has no usage data:

      - 50 resources of each type in each account and Region
      - 4 changes of each resource per month, of which 0.1 change a verdict
      - 5 % of them NON_COMPLIANT, a sweep every 24 hours
      - 0.3 s at 0.25 GB per change, 5 s per sweep, 2000 bytes of logs per verdict
      - a sealed ledger: 1 s at 1.75 GB per run of the keeper, 20 s per hour, 100 bytes per event for as long as it is locked, 650 for 35 days
      - Athena: 100 queries per month that read 0.1 GB each

      <details><summary>Prices of us-east-1 as of 2026-11-25, in US dollars, without free tiers</summary>

      | What | Price | Source |
      | --- | --- | --- |
      | Configuration item | $0.003; daily $0.012 | Vantage and CloudGauge on AWS Config pricing, 2025 |
      | Rule evaluation, per Region and month | $0.001 up to 100,000, $0.0008 up to 500,000, $0.0005 beyond | Vantage on AWS Config pricing, 2025 |
      | Lambda | $0.0000002 per request, $0.00001667 per gigabyte-second | AWS whitepaper How AWS Pricing Works, chapter Lambda (x86) |
      | Logs | $0.50 per gigabyte | Duckbill Group on CloudWatch Logs, May 2025 |
      | Alarm | $0.10 per month | C3X on aws_cloudwatch_metric_alarm, standard resolution |
      | Key | $1.00 per month | AWS KMS pricing, key storage |
      | S3 | $0.000005 per write or list, $0.0000004 per read, $0.023 per gigabyte and month | CloudOptimo (requests) and DevNotes (storage) on S3 pricing |
      | Signature | $0.000015 | FactualMinds on AWS KMS pricing, asymmetric requests, June 2026 |
      | Athena | $0.005 per gigabyte that a query reads | AWS Athena pricing, SQL queries, $5 per terabyte |

      </details>

      Not included: fixes, SSM Automation, appending to the ledger, the state table, other calls of KMS, SNS and SQS.

      "
    `);
  });

  test('shows another lock as a change of the keeper, and how much more it stores', () => {
    const longer = someSettings({ ledger: { signingKeyArn, lockDays: 4000 } });
    const { markdown, errors } = reviewBetween(settings, longer);
    expect(errors).toEqual([]);
    expect(sectionOf(markdown, 'All changes')).toMatch(
      /aws_lambda_function\.keeper: update: environment .*400.* becomes .*4000/,
    );
    expect(sectionOf(markdown, 'Settings and exemptions')).toContain(
      'ledger.lockDays becomes 4000, before 400.',
    );
    const busy = (lock: typeof settings) =>
      reviewPlan(goodPlan(someRules, lock), {
        rules: someRules,
        settings: lock,
        usage: { resources: 100_000 },
      }).markdown;
    expect(dollarsOf(busy(longer), 'Gigabytes of the ledger')).toBeGreaterThan(
      2 * dollarsOf(busy(settings), 'Gigabytes of the ledger'),
    );
  });

  test('warns of a lock that nobody can undo', () => {
    const forever = someSettings({ ledger: { signingKeyArn, lockDays: 400, lockMode: 'COMPLIANCE' } });
    expect(sectionOf(reviewBetween(settings, forever).markdown, 'Settings and exemptions')).toContain(
      'ledger.lockMode becomes "COMPLIANCE", before "GOVERNANCE". Nobody can undo it, not even AWS',
    );
  });

  test('refuses to take the key out, which destroys what is sealed', () => {
    const { errors } = reviewBetween(settings, plain);
    expect(errors).toContainEqual(expect.stringMatching(/aws_s3_bucket\.sealed would be destroyed/));
  });

  test('says nothing of what a ledger costs that is not sealed', () => {
    expect(sectionOf(reviewBetween(plain, plain).markdown, 'Cost')).not.toContain('keeper');
  });
});
