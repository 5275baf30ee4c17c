import { join } from 'node:path';

import type { Exemption, Settings } from '@compliance/core';
import { describe, expect, test } from 'vitest';

import { reviewPlan } from '../src/index.ts';
import { ELSEWHERE, HOME, SANDBOX, WORKLOAD, someRules, someSettings } from './examples.ts';
import { goodPlan, type Change, type GoodPlan } from './good-plan.ts';
import { applied, planBetween } from './plan-between.ts';

const reviewOf = (before: Settings, after: Settings) =>
  reviewPlan(planBetween(goodPlan(someRules, before), goodPlan(someRules, after)), {
    rules: someRules,
    settings: after,
    settingsBefore: before,
  });

const sectionOf = (markdown: string, title: string): string =>
  markdown.split(/^## /m).find((section) => section.startsWith(`${title}\n`)) ?? '';

const workload = { id: WORKLOAD, name: 'workload', groups: ['production'] };
const sandbox = { id: SANDBOX, name: 'sandbox', groups: ['sandbox'] };
const mode = (name: string) => ({ rules: { S3_KEEP_VERSIONS: { mode: name } } });

describe('a rule that goes from observe to auto', () => {
  const { markdown, errors } = reviewOf(someSettings(mode('observe')), someSettings(mode('auto')));

  test('may be applied', () => expect(errors).toEqual([]));
  test('is told with the calls that now run by themselves', () => {
    expect(sectionOf(markdown, 'Settings and exemptions')).toContain(
      `**wider** S3_KEEP_VERSIONS: mode observe becomes auto: its fixes run by themselves (s3:PutBucketVersioning); in ${WORKLOAD} (workload), ${SANDBOX} (sandbox).`,
    );
  });
  test('changes the rules of every account and Region', () => {
    expect(sectionOf(markdown, 'Rules')).toContain(
      `s3-keep-versions: now with a remediation that starts by itself, before without one; in ${WORKLOAD} ${HOME}, ${WORKLOAD} ${ELSEWHERE}, ${SANDBOX} ${HOME}, ${SANDBOX} ${ELSEWHERE}`,
    );
  });
});

describe('an account that joins', () => {
  const before = someSettings({ accounts: [workload], rules: {} });
  const after = someSettings({ accounts: [workload, sandbox], rules: {} });
  const { markdown, errors } = reviewOf(before, after);

  test('may be applied', () => expect(errors).toEqual([]));
  test('is told with what is done there', () => {
    expect(sectionOf(markdown, 'Settings and exemptions')).toContain(
      `Account ${SANDBOX} (sandbox, in sandbox) is added. plan: S3_KEEP_VERSIONS, EC2_CLOSE_PORTS, IAM_ROTATE_KEYS, IAM_LENGTHEN_PASSWORDS.`,
    );
  });
  test('is told with every role, whom it trusts, and what it may change before what it may read', () => {
    const access = sectionOf(markdown, 'Who may do what');
    for (const role of ['evaluate', 'remediate', 'automation'])
      expect(access).toContain(`role compliance-${role} in ${SANDBOX}`);
    expect(access.indexOf('may config:PutEvaluations')).toBeLessThan(access.indexOf('may read: '));
    expect(access).toContain('may be assumed by ssm.amazonaws.com if');
    expect(access).toContain(`may now be run by account ${SANDBOX}`);
    expect(access).not.toContain('an-external-id');
  });
  test('gets rules that were not there, and pays for them', () => {
    expect(sectionOf(markdown, 'Rules')).toContain(
      `s3-keep-versions: added with a remediation; in ${SANDBOX} ${HOME}, ${SANDBOX} ${ELSEWHERE}`,
    );
    expect(sectionOf(markdown, 'Cost')).toMatch(
      /\| Rule evaluations \| 2,050 \| \$1\.03 \| \$2\.05 \| \+\$1\.03 \|/,
    );
  });
  test('leaves nothing out of the list of changes', () => {
    expect(sectionOf(markdown, 'Every change')).toContain(
      `module.member_${SANDBOX}.aws_iam_role_policy_attachment.compliance_evaluate: create: policy_arn known only after apply`,
    );
  });
});

describe('a Region that is added', () => {
  const before = someSettings({}, { regions: [HOME] });
  const { markdown, errors } = reviewOf(before, someSettings());

  test('may be applied', () => expect(errors).toEqual([]));
  test('is told, with who may do what there', () => {
    expect(sectionOf(markdown, 'Settings and exemptions')).toContain(
      `**wider** Region ${ELSEWHERE} is added`,
    );
    expect(sectionOf(markdown, 'Who may do what')).toContain(
      `role compliance-automation in ${WORKLOAD}, ${SANDBOX} may lambda:InvokeFunction on arn:aws:lambda:${ELSEWHERE}`,
    );
  });
});

test('the sample of the documentation is what a reviewer gets', async () => {
  const before = someSettings({ accounts: [workload], ...mode('observe') });
  const after = someSettings({ accounts: [workload, sandbox], ...mode('auto') });
  // Written by `vitest run --root . packages/deployment-checks/test/review-changes.test.ts -u`.
  await expect(reviewOf(before, after).markdown).toMatchFileSnapshot(
    join(import.meta.dirname, '../../../docs/plan-review.md'),
  );
});

describe('exemptions', () => {
  const exemption = {
    id: 'legacy',
    resources: ['uploads-*'],
    commands: ['S3_KEEP_VERSIONS'],
    reason: 'rewritten nightly',
    owner: 'data',
    approver: 'security',
    ticket: 'SEC-12',
    expires: '2027-01-31',
  };
  const told = (before: readonly Exemption[], after: readonly Exemption[]) =>
    sectionOf(
      reviewPlan(applied(), { rules: someRules, settings: someSettings(), exemptions: { before, after } })
        .markdown,
      'Settings and exemptions',
    );

  test('that are added, changed or removed are told', () => {
    const described =
      'resources uploads-\\*; commands S3_KEEP_VERSIONS; until 2027-01-31, because rewritten nightly';
    expect(told([], [exemption])).toContain(`**wider** Exemption legacy is added: ${described}`);
    expect(told([exemption], [{ ...exemption, expires: '2027-03-31' }])).toMatch(
      /\*\*wider\*\* Exemption legacy changes: .*2027-03-31.*, before .*2027-01-31/,
    );
    expect(told([exemption], [])).toContain('- Exemption legacy is removed.');
    expect(told([exemption], [exemption])).toBe('');
  });
});

describe('what goes', () => {
  const { markdown } = reviewOf(
    someSettings({ rules: {} }),
    someSettings({ accounts: [workload], rules: {} }),
  );

  test('comes first', () => {
    const titles = [...markdown.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(titles[0]).toBe('Taken away or made anew');
    expect(markdown).toContain(`aws_iam_role.compliance_evaluate would be destroyed.`);
  });
});

describe('no change is hidden', () => {
  const review = (spoil: (plan: GoodPlan) => void) => {
    const plan = applied();
    spoil(plan);
    return reviewPlan(plan, { rules: someRules, settings: someSettings(), settingsBefore: someSettings() })
      .markdown;
  };
  const foreign = (type: string, change: Partial<Change['change']>): Change => ({
    address: `${type}.that`,
    module_address: '',
    mode: 'managed',
    type,
    name: 'that',
    change: { actions: ['update'], before: {}, after: {}, after_unknown: {}, ...change },
  });
  const statement = (parts: object) =>
    JSON.stringify({
      Statement: { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*', ...parts },
    });
  const access = (change: Change) =>
    sectionOf(
      review((plan) => plan.resource_changes.push(change)),
      'Who may do what',
    );

  test('the policy of a bucket, statement by statement', () => {
    const told = access(
      foreign('aws_s3_bucket_policy', {
        before: { policy: statement({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }) },
        after: { policy: statement({}) },
      }),
    );
    expect(told).toContain('aws_s3_bucket_policy.that now lets everybody: s3:GetObject on \\*');
    expect(told).toContain('no longer lets everybody: s3:GetObject on \\* if aws:SecureTransport Bool true');
  });
  test('a denial that goes is a widening', () => {
    const told = access(
      foreign('aws_kms_key', { before: { policy: statement({ Effect: 'Deny' }) }, after: { policy: '' } }),
    );
    expect(told).toMatch(/More than before:[\s\S]*no longer denies everybody/);
  });
  test('a policy that is known only after apply', () => {
    expect(
      sectionOf(
        review((plan) => {
          plan.resource_changes.push(
            foreign('aws_sns_topic_policy', {
              before: { policy: '' },
              after: {},
              after_unknown: { policy: true },
            }),
          );
          const configured = { type: 'aws_sns_topic_policy', name: 'that', expressions: { policy: {} } };
          Object.assign(plan.configuration.root_module, { resources: [configured] });
        }),
        'Who may do what',
      ),
    ).toContain('aws_sns_topic_policy.that has a policy that is known only after apply');
  });
  test('what sounds like access and is not read here', () => {
    expect(access(foreign('aws_iam_user_policy_attachment', { actions: ['create'] }))).toContain(
      'this review does not read aws_iam_user_policy_attachment: look yourself',
    );
  });
  test('a boundary that is taken off a role', () => {
    const told = review((plan) => {
      const role = plan.resource_changes.find(({ address }) =>
        address.endsWith('aws_iam_role.compliance_remediate'),
      );
      Object.assign(role?.change.before ?? {}, {
        permissions_boundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      });
    });
    expect(told).toContain('has nothing for its boundary, before arn:aws:iam::aws:policy/ReadOnlyAccess');
  });
  test('a statement of a role that denied something', () => {
    const told = review((plan) => {
      const policy = plan.resource_changes.find(({ address }) =>
        address.endsWith('aws_iam_policy.compliance_remediate'),
      );
      const document = JSON.parse(String(policy?.change.before?.['policy'])) as { Statement: object[] };
      document.Statement.push({ Effect: 'Deny', Action: 'iam:*', Resource: '*' });
      Object.assign(policy?.change.before ?? {}, { policy: JSON.stringify(document) });
    });
    expect(sectionOf(told, 'Who may do what')).toContain('loses a statement that denies iam:\\* on \\*');
  });
  test('a value that must not be shown is said to change', () => {
    const change = foreign('aws_ssm_parameter', { before: { value: 'old' }, after: { value: 'new' } });
    Object.assign(change.change, { after_sensitive: { value: true } });
    const told = sectionOf(
      review((plan) => plan.resource_changes.push(change)),
      'Every change',
    );
    expect(told).toContain('aws_ssm_parameter.that: update: value changes, its value is not shown');
    expect(told).not.toContain('old becomes');
  });
  test('a resource that Terraform forgets', () => {
    expect(
      review((plan) => plan.resource_changes.push(foreign('aws_sqs_queue', { actions: ['forget'] }))),
    ).toContain('aws_sqs_queue.that: forget');
  });
});
