import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { preflight, review } from '../src/index.ts';
import { evaluationPrice } from '../src/review/prices.ts';
import { reviewPlan } from '../src/review/review-plan.ts';
import { SANDBOX, someRules, someSettings, WORKLOAD } from './examples.ts';
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

describe('review of a plan that creates everything', () => {
  const { markdown, errors } = reviewPlan(goodPlan(), desired);

  test('a plan that creates everything may be applied', () => {
    expect(errors).toEqual([]);
    expect(markdown).toContain('**No errors**, 0 warnings.');
    expect(sectionOf(markdown, 'Deployment checks')).toContain('No problem found.');
  });
  test('changes are counted per account and Region', () => {
    expect(sectionOf(markdown, 'Resource changes')).toContain(
      '| 111122223333 (workload) eu-west-1 | 17 | 0 | 0 | 0 | cloudwatch_event_rule, cloudwatch_event_target, config_',
    );
  });
  test('added rules appear with their accounts and Regions', () => {
    expect(sectionOf(markdown, 'Rules')).toContain(
      's3-keep-versions: added with an automatic remediation; in 111122223333 eu-west-1, 111122223333 us-east-1, 444455556666 eu-west-1, 444455556666 us-east-1',
    );
  });
  test('the same plan gives the same review', () => {
    expect(reviewPlan(goodPlan(), desired).markdown).toBe(markdown);
  });
});

describe('review of a plan without changes', () => {
  const { markdown, errors } = reviewPlan(applied(), desired);

  test('a plan without changes says so and costs nothing more', () => {
    expect(errors).toEqual([]);
    expect(sectionOf(markdown, 'Resource changes')).toContain('No resource changes.');
    expect(sectionOf(markdown, 'Permissions')).toBe('');
    expect(sectionOf(markdown, 'Rules')).toBe('');
    expect(sectionOf(markdown, 'Cost')).toMatch(/\*\*Total\*\* .*\*\*\+\$0\.00\*\*/);
  });
});

describe('review of permissions', () => {
  test('an action added to a policy is shown, and is an error when no rule needs it', () => {
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
    expect(sectionOf(markdown, 'Permissions')).toContain(
      `role compliance-remediate in ${WORKLOAD} may s3:DeleteBucket on any resource`,
    );
    expect(errors).toEqual([expect.stringContaining('role-policy-narrow')]);
  });

  test('a policy with a wider resource is shown with the previous one', () => {
    const plan = applied();
    const { change } = changeAt(plan, `member_${WORKLOAD}.`, 'aws_iam_policy.compliance_remediate');
    change.after = {
      ...change.after,
      policy: String(change.after?.['policy']).replace('arn:*:ec2:*:*:security-group/*', '*'),
    };
    expect(sectionOf(reviewPlan(plan, desired).markdown, 'Permissions')).toContain(
      'may ec2:RevokeSecurityGroupIngress on any resource, before only ec2:RevokeSecurityGroupIngress on arn:\\*:ec2',
    );
  });

  test('changes of trust and of invoke permissions are shown', () => {
    const plan = applied();
    const role = changeAt(plan, `member_${WORKLOAD}.`, 'aws_iam_role.compliance_evaluate').change;
    role.after = {
      ...role.after,
      assume_role_policy: String(role.after?.['assume_role_policy']).replace('an-external-id', 'other'),
    };
    const permission = changeAt(plan, 'master_eu-west-1', 'aws_lambda_permission.rule', SANDBOX).change;
    permission.actions = ['delete'];
    permission.after = null;
    const section = sectionOf(reviewPlan(plan, desired).markdown, 'Permissions');
    expect(section).toContain('may be assumed by');
    expect(section).toContain(
      `config.amazonaws.com for account ${SANDBOX} may no longer lambda:InvokeFunction on compliance-generic-rule in eu-west-1`,
    );
  });
});

describe('review of data loss', () => {
  test('a table that is replaced is an error', () => {
    const plan = applied();
    changeAt(plan, 'aws_dynamodb_table').change.actions = ['delete', 'create'];
    const { errors, markdown } = reviewPlan(plan, desired);
    expect(errors).toEqual([expect.stringContaining('would be destroyed and created again')]);
    expect(markdown).toContain('Do not apply this plan.');
    expect(review({ plan, ...desired }).exitCode).toBe(1);
  });
});

describe('review of settings', () => {
  test('changed modes, parameters and accounts are shown, marked when they allow more', () => {
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
      - **wider** EC2_CLOSE_PORTS: mode plan becomes auto: its fixes run automatically (ec2:RevokeSecurityGroupIngress); in 111122223333 (workload).
      - **wider** EC2_CLOSE_PORTS: parameter ports becomes \\[22\\], before the default in 111122223333 (workload).

      "
    `);
  });
});

describe('review of cost', () => {
  test('rule evaluations are priced by tiers', () => {
    expect(evaluationPrice(50_000)).toBeCloseTo(50);
    expect(evaluationPrice(600_000)).toBeCloseTo(100 + 320 + 50);
  });
  test('the cost section shows the estimate, its parts and assumptions', () => {
    expect(sectionOf(reviewPlan(goodPlan(), desired).markdown, 'Cost')).toMatchInlineSnapshot(`
      "Cost

      | Per month | Quantity | Before | After | Change |
      | --- | --- | --- | --- | --- |
      | Configuration items | 2,000 | $0.00 | $6.00 | +$6.00 |
      | Rule evaluations | 2,200 | $0.00 | $2.20 | +$2.20 |
      | Lambda invocations | 2,360 | $0.00 | $0.01 | +$0.01 |
      | Gigabytes of logs | 0.0044 | $0.00 | $0.00 | +$0.00 |
      | Alarms | 0 | $0.00 | $0.00 | +$0.00 |
      | Keys | 0 | $0.00 | $0.00 | +$0.00 |
      | **Total** |  | **$0.00** | **$8.21** | **+$8.21** |
      | Rule evaluations, if sweeps reported everything | 17,060 | $0.00 | $17.06 | +$17.06 |

      Assumptions, because a plan has no usage data:

      - 50 resources of each type in each account and Region
      - 4 changes of each resource per month, of which 0.1 change a verdict
      - 5 % of them NON_COMPLIANT, a sweep every 24 hours
      - 0.3 s at 0.25 GB per change, 5 s per sweep, 2000 bytes of logs per verdict

      <details><summary>Prices of us-east-1 as of 2026-11-25, in US dollars, without free tiers</summary>

      | What | Price | Source |
      | --- | --- | --- |
      | Configuration item | $0.003; daily $0.012 | Vantage and CloudGauge on AWS Config pricing, 2025 |
      | Rule evaluation, per Region and month | $0.001 up to 100,000, $0.0008 up to 500,000, $0.0005 beyond | Vantage on AWS Config pricing, 2025 |
      | Lambda | $0.0000002 per request, $0.00001667 per gigabyte-second | AWS whitepaper How AWS Pricing Works, chapter Lambda (x86) |
      | Logs | $0.50 per gigabyte | Duckbill Group on CloudWatch Logs, May 2025 |
      | Alarm | $0.10 per month | C3X on aws_cloudwatch_metric_alarm, standard resolution |
      | Key | $1.00 per month | AWS KMS pricing, key storage |

      </details>

      Not included: fixes, SSM Automation, the ledger, the state table, calls of KMS, SNS and SQS.

      "
    `);
  });
  test('the estimate follows the given usage', () => {
    const dollars = (resources: number) => {
      const { markdown } = reviewPlan(goodPlan(), { ...desired, usage: { resources } });
      return Number(/\*\*Total\*\* .*\*\*\+\$([\d.]+)\*\*/.exec(markdown)?.[1]);
    };
    expect(dollars(1000)).toBeGreaterThan(dollars(100) * 5);
  });
});

describe('review of an invalid plan', () => {
  test('an invalid plan is reported, not reviewed', () => {
    expect(reviewPlan({ hello: 'world' }, desired).markdown).toContain('**Not reviewed.**');
    expect(reviewPlan({ format_version: '2.0' }, desired).errors).toEqual([
      expect.stringContaining('only format version 1 of the plan JSON is supported'),
    ]);
    expect(review({ plan: null, ...desired }).exitCode).toBe(1);
  });

  test('no JSON makes the review throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (plan) => {
        expect(reviewPlan(plan, desired).errors.length).toBeGreaterThan(0);
      }),
    );
  });

  test('no change of values in a valid plan makes the review throw', () => {
    const plan = applied();
    const addresses = plan.resource_changes.map(({ address }) => address);
    const edit = fc.tuple(fc.constantFrom(...addresses), fc.nat(), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 20 }), (changes) => {
        const mutated = structuredClone(plan);
        for (const [address, nth, value] of changes) {
          const { change } = changeAt(mutated, address);
          const keys = Object.keys(change.after ?? {});
          Object.assign(change.after ?? {}, { [keys[nth % keys.length] ?? '']: value });
        }
        expect(reviewPlan(mutated, desired).markdown).toContain('# Plan review');
      }),
      { numRuns: 25 },
    );
  });

  test('values of a plan never become Markdown of the review', () => {
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
  test('preflight passes a valid plan, reports a problem and rejects other input', async () => {
    const plan = goodPlan();
    const source = { type: 'plan', plan } as const;
    expect(await preflight({ ...desired, source })).toMatchObject({
      exitCode: 0,
      text: expect.stringMatching(/^\d+ checks passed, 2 could not run everywhere:\n {2}service control/),
    });
    const mutated = {
      ...plan,
      resource_changes: plan.resource_changes.filter(({ type }) => type !== 'aws_lambda_alias'),
    };
    const answer = await preflight({ ...desired, source: { type: 'plan', plan: mutated } });
    expect(answer.exitCode).toBe(1);
    expect(answer.text).toContain('error operator-alias: alias operator');
    expect(await preflight({ ...desired, source: { type: 'plan', plan: 'none' } })).toMatchObject({
      exitCode: 2,
    });
  });

  test('preflight finds a template by its key when the plan lacks the text', async () => {
    const plan = goodPlan();
    for (const { type, change } of plan.resource_changes)
      if (type === 'aws_s3_object') delete change.after?.['content'];
    expect(await preflight({ ...desired, source: { type: 'plan', plan } })).toMatchObject({
      exitCode: 0,
      json: { gaps: [] },
    });
  });
});
