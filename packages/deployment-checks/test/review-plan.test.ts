import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { preflight, review, reviewPlan } from '../src/index.ts';
import { evaluationPrice } from '../src/review/prices.ts';
import { SANDBOX, WORKLOAD, someRules, someSettings } from './examples.ts';
import { goodPlan, type Change, type GoodPlan } from './good-plan.ts';
import { applied } from './plan-between.ts';

const desired = { rules: someRules, settings: someSettings() };

const changeAt = (plan: GoodPlan, ...parts: readonly string[]): Change => {
  const found = plan.resource_changes.find(({ address }) => parts.every((part) => address.includes(part)));
  if (!found) throw new Error(`The plan has nothing at ${parts.join(' … ')}.`);
  return found;
};

const sectionOf = (markdown: string, title: string): string =>
  markdown.split(/^## /m).find((section) => section.startsWith(`${title}\n`)) ?? '';

describe('the plan that creates everything', () => {
  const { markdown, errors } = reviewPlan(goodPlan(), desired);

  test('may be applied', () => {
    expect(errors).toEqual([]);
    expect(markdown).toContain('**No errors**, 0 warnings.');
    expect(sectionOf(markdown, 'Wiring')).toContain('Every link that was looked at is whole.');
  });
  test('is counted per account and Region', () => {
    expect(sectionOf(markdown, 'What changes')).toContain(
      '| 111122223333 (workload) eu-west-1 | 17 | 0 | 0 | 0 | cloudwatch_event_rule, cloudwatch_event_target, config_',
    );
  });
  test('says which rules come, and where', () => {
    expect(sectionOf(markdown, 'Rules')).toContain(
      's3-keep-versions: added with a remediation that starts by itself; in 111122223333 eu-west-1, 111122223333 us-east-1, 444455556666 eu-west-1, 444455556666 us-east-1',
    );
  });
  test('is the same text each time', () => {
    expect(reviewPlan(goodPlan(), desired).markdown).toBe(markdown);
  });
});

describe('a plan that changes nothing', () => {
  const { markdown, errors } = reviewPlan(applied(), desired);

  test('says so, and costs nothing more', () => {
    expect(errors).toEqual([]);
    expect(sectionOf(markdown, 'What changes')).toContain('No resource changes.');
    expect(sectionOf(markdown, 'Who may do what')).toBe('');
    expect(sectionOf(markdown, 'Rules')).toBe('');
    expect(sectionOf(markdown, 'Cost')).toMatch(/\*\*Together\*\* .*\*\*\+\$0\.00\*\*/);
  });
});

describe('who may do what', () => {
  test('a policy that gains an action is told in words, and is an error when no rule needs it', () => {
    const plan = applied();
    const { change } = changeAt(plan, `member_${WORKLOAD}.`, 'aws_iam_policy.compliance_remediate');
    change.actions = ['update'];
    change.after = {
      ...change.after,
      policy: String(change.after?.['policy']).replace(
        '"s3:PutBucketVersioning"',
        '"s3:PutBucketVersioning","s3:DeleteBucket"',
      ),
    };
    const { markdown, errors } = reviewPlan(plan, desired);
    expect(sectionOf(markdown, 'Who may do what')).toContain(
      `role compliance-remediate in ${WORKLOAD} may s3:DeleteBucket on any resource`,
    );
    expect(errors).toEqual([expect.stringContaining('role-policy-narrow')]);
  });

  test('a policy whose resource grows is told with what it was', () => {
    const plan = applied();
    const { change } = changeAt(plan, `member_${WORKLOAD}.`, 'aws_iam_policy.compliance_remediate');
    change.after = {
      ...change.after,
      policy: String(change.after?.['policy']).replace('arn:*:ec2:*:*:security-group/*', '*'),
    };
    expect(sectionOf(reviewPlan(plan, desired).markdown, 'Who may do what')).toContain(
      'may ec2:RevokeSecurityGroupIngress on any resource, before only ec2:RevokeSecurityGroupIngress on arn:\\*:ec2',
    );
  });

  test('trust and invocation are told', () => {
    const plan = applied();
    const role = changeAt(plan, `member_${WORKLOAD}.`, 'aws_iam_role.compliance_evaluate').change;
    role.after = {
      ...role.after,
      assume_role_policy: String(role.after?.['assume_role_policy']).replace('an-external-id', 'other'),
    };
    const permission = changeAt(plan, 'master_eu-west-1', 'aws_lambda_permission.rule', SANDBOX).change;
    permission.actions = ['delete'];
    permission.after = null;
    const section = sectionOf(reviewPlan(plan, desired).markdown, 'Who may do what');
    expect(section).toContain('may be assumed by');
    expect(section).toContain(
      `config.amazonaws.com for account ${SANDBOX} may no longer lambda:InvokeFunction on compliance-generic-rule in eu-west-1`,
    );
  });
});

describe('what would be lost', () => {
  test('a table that is replaced is an error', () => {
    const plan = applied();
    changeAt(plan, 'aws_dynamodb_table').change.actions = ['delete', 'create'];
    const { errors, markdown } = reviewPlan(plan, desired);
    expect(errors).toEqual([expect.stringContaining('would be destroyed and made anew')]);
    expect(markdown).toContain('Do not apply this plan.');
    expect(review({ plan, ...desired }).exitCode).toBe(1);
  });
});

describe('settings', () => {
  test('modes, parameters and accounts that change are told, wider ones as such', () => {
    const settings = someSettings({
      accounts: [
        { id: WORKLOAD, name: 'workload', groups: ['production'] },
        { id: '777788889999', name: 'new' },
      ],
      rules: { EC2_CLOSE_PORTS: { mode: 'auto', parameters: { ports: [22] } } },
    });
    const { markdown } = reviewPlan(goodPlan(someRules, settings), {
      rules: someRules,
      settings,
      settingsBefore: desired.settings,
    });
    expect(sectionOf(markdown, 'Settings and exemptions')).toMatchInlineSnapshot(`
      "Settings and exemptions

      - **wider** Account 777788889999 (new) is added. auto: EC2_CLOSE_PORTS. plan: S3_KEEP_VERSIONS, IAM_ROTATE_KEYS, IAM_LENGTHEN_PASSWORDS.
      - Account 444455556666 (sandbox) is removed.
      - **wider** EC2_CLOSE_PORTS: mode plan becomes auto: its fixes run by themselves (ec2:RevokeSecurityGroupIngress); in 111122223333 (workload).
      - **wider** EC2_CLOSE_PORTS: parameter ports becomes \\[22\\], before the default in 111122223333 (workload).

      "
    `);
  });
});

describe('cost', () => {
  test('evaluations are priced by tiers', () => {
    expect(evaluationPrice(50_000)).toBeCloseTo(50);
    expect(evaluationPrice(600_000)).toBeCloseTo(100 + 320 + 50);
  });
  test('the whole estimate, with what it is made of', () => {
    expect(sectionOf(reviewPlan(goodPlan(), desired).markdown, 'Cost')).toMatchInlineSnapshot(`
      "Cost

      | Each month | Quantity | Before | After | Change |
      | --- | --- | --- | --- | --- |
      | Configuration items | 2,000 | $0.00 | $6.00 | +$6.00 |
      | Rule evaluations | 2,200 | $0.00 | $2.20 | +$2.20 |
      | Lambda invocations | 2,360 | $0.00 | $0.01 | +$0.01 |
      | Gigabytes of logs | 0.0044 | $0.00 | $0.00 | +$0.00 |
      | Alarms | 0 | $0.00 | $0.00 | +$0.00 |
      | Keys | 0 | $0.00 | $0.00 | +$0.00 |
      | **Together** |  | **$0.00** | **$8.21** | **+$8.21** |
      | Rule evaluations, if sweeps reported everything | 17,060 | $0.00 | $17.06 | +$17.06 |

      Assumed, as a plan does not tell:

      - 50 resources of each type in each account and Region
      - 4 changes of each resource a month, of which 0.1 turn a verdict
      - 5 % of them NON_COMPLIANT, a sweep each 24 hours
      - 0.3 s of 0.25 GB for a change, 5 s for a sweep, 2000 bytes of logs for a verdict

      <details><summary>Prices of us-east-1 as of 2026-11-25, in US dollars, without free tiers</summary>

      | What | Price | Source |
      | --- | --- | --- |
      | Configuration item | $0.003; daily $0.012 | Vantage and CloudGauge on AWS Config pricing, 2025 |
      | Rule evaluation, per Region and month | $0.001 up to 100,000, $0.0008 up to 500,000, $0.0005 beyond | Vantage on AWS Config pricing, 2025 |
      | Lambda | $0.0000002 a request, $0.00001667 a gigabyte-second | AWS whitepaper How AWS Pricing Works, chapter Lambda (x86) |
      | Logs | $0.50 a gigabyte | Duckbill Group on CloudWatch Logs, May 2025 |
      | Alarm | $0.10 a month | C3X on aws_cloudwatch_metric_alarm, standard resolution |
      | Key | $1.00 a month | AWS KMS pricing, key storage |

      </details>

      Not counted: what fixes cost, SSM Automation, the ledger, the state table, calls of KMS, SNS and SQS.

      "
    `);
  });
  test('follows what is known of the usage', () => {
    const dollars = (resources: number) => {
      const { markdown } = reviewPlan(goodPlan(), { ...desired, usage: { resources } });
      return Number(/\*\*Together\*\* .*\*\*\+\$([\d.]+)\*\*/.exec(markdown)?.[1]);
    };
    expect(dollars(1000)).toBeGreaterThan(dollars(100) * 5);
  });
});

describe('a plan that is not understood', () => {
  test('is said to be none', () => {
    expect(reviewPlan({ hello: 'world' }, desired).markdown).toContain('**Not reviewed.**');
    expect(reviewPlan({ format_version: '2.0' }, desired).errors).toEqual([
      expect.stringContaining('only format version 1 of Terraform is known'),
    ]);
    expect(review({ plan: null, ...desired }).exitCode).toBe(1);
  });

  test('never makes it throw: any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (plan) => {
        expect(reviewPlan(plan, desired).errors.length).toBeGreaterThan(0);
      }),
    );
  });

  test('never makes it throw: any change of any values of a good plan', { timeout: 60_000 }, () => {
    const plan = applied();
    const addresses = plan.resource_changes.map(({ address }) => address);
    const spoiling = fc.tuple(fc.constantFrom(...addresses), fc.nat(), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(spoiling, { minLength: 1, maxLength: 20 }), (spoilings) => {
        const spoiled = structuredClone(plan);
        for (const [address, nth, value] of spoilings) {
          const { change } = changeAt(spoiled, address);
          const keys = Object.keys(change.after ?? {});
          Object.assign(change.after ?? {}, { [keys[nth % keys.length] ?? '']: value });
        }
        expect(reviewPlan(spoiled, desired).markdown).toContain('# Plan review');
      }),
      { numRuns: 25 },
    );
  });

  test('values of the plan do not become Markdown of the review', () => {
    const plan = applied();
    const { change } = changeAt(plan, `member_${WORKLOAD}.`, 'aws_iam_role.compliance_evaluate');
    change.after = {
      ...change.after,
      assume_role_policy: JSON.stringify({
        Statement: {
          Effect: 'Allow',
          Principal: { AWS: '</details> **No errors** @everyone\n# Approved' },
          Action: 'sts:AssumeRole',
        },
      }),
    };
    const { markdown } = reviewPlan(plan, desired);
    expect(markdown).not.toContain('</details> **No errors**');
    expect(markdown).not.toContain('@everyone');
    expect(markdown).not.toMatch(/^# Approved/m);
  });
});

describe('preflight of a plan', () => {
  test('passes the good one, names what is broken, refuses what is none', async () => {
    const plan = goodPlan();
    const source = { type: 'plan', plan } as const;
    expect(await preflight({ ...desired, source })).toMatchObject({
      exitCode: 0,
      text: expect.stringMatching(/^81 checks passed, 2 could not run everywhere:\n {2}service control/),
    });
    const spoiled = {
      ...plan,
      resource_changes: plan.resource_changes.filter(({ type }) => type !== 'aws_lambda_alias'),
    };
    const answer = await preflight({ ...desired, source: { type: 'plan', plan: spoiled } });
    expect(answer.exitCode).toBe(1);
    expect(answer.text).toContain('error operator-alias: alias operator');
    expect(await preflight({ ...desired, source: { type: 'plan', plan: 'none' } })).toMatchObject({
      exitCode: 2,
    });
  });

  test('knows a template by its digest when the plan holds only its key', async () => {
    const plan = goodPlan();
    for (const { type, change } of plan.resource_changes)
      if (type === 'aws_s3_object') delete change.after?.['content'];
    expect(await preflight({ ...desired, source: { type: 'plan', plan } })).toMatchObject({
      exitCode: 0,
      json: { gaps: [] },
    });
  });
});
