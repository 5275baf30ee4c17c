import { join } from 'node:path';

import type { Exemption, Settings } from '@compliance/core';
import { loadRule } from '@compliance/registry';
import { describe, expect, test } from 'vitest';

import { review } from '../src/index.ts';
import { reviewPlan } from '../src/review/review-plan.ts';
import { ELSEWHERE, HOME, SANDBOX, someRules, someSettings, WORKLOAD } from './examples.ts';
import { goodPlan, type Change, type GoodPlan } from './good-plan.ts';
import { applied, planBetween } from './plan-between.ts';

const reviewOf = (before: Settings, after: Settings, rules = someRules) =>
  reviewPlan(planBetween(goodPlan(rules, before), goodPlan(rules, after)), {
    rules,
    settings: after,
    settingsBefore: before,
  });

const sectionOf = (markdown: string, title: string): string =>
  markdown.split(/^## /m).find((section) => section.startsWith(`${title}\n`)) ?? '';

const workload = { id: WORKLOAD, name: 'workload', groups: ['production'] };
const sandbox = { id: SANDBOX, name: 'sandbox', groups: ['sandbox'] };
const mode = (name: string) => ({ rules: { S3_KEEP_VERSIONS: { mode: name } } });

describe('review of a rule that goes from observe to auto', () => {
  const { markdown, errors } = reviewOf(someSettings(mode('observe')), someSettings(mode('auto')));

  test('a rule that goes to auto may be applied', () => expect(errors).toEqual([]));
  test('a rule that goes to auto is shown with the calls that now run automatically', () => {
    expect(sectionOf(markdown, 'Settings and exemptions')).toContain(
      `**wider** S3_KEEP_VERSIONS: mode observe becomes auto: its fixes run automatically (s3:PutBucketVersioning); in ${WORKLOAD} (workload), ${SANDBOX} (sandbox).`,
    );
  });
  test('a rule that goes to auto gets a remediation in every account and Region', () => {
    expect(sectionOf(markdown, 'Rules')).toContain(
      `s3-keep-versions: now with an automatic remediation, before without one; in ${WORKLOAD} ${HOME}, ${WORKLOAD} ${ELSEWHERE}, ${SANDBOX} ${HOME}, ${SANDBOX} ${ELSEWHERE}`,
    );
  });
});

describe('review of an account that is added', () => {
  const before = someSettings({ accounts: [workload], rules: {} });
  const after = someSettings({ accounts: [workload, sandbox], rules: {} });
  const { markdown, errors } = reviewOf(before, after);

  test('an added account may be applied', () => expect(errors).toEqual([]));
  test('an added account is shown with the modes of its rules', () => {
    expect(sectionOf(markdown, 'Settings and exemptions')).toContain(
      `Account ${SANDBOX} (sandbox, in sandbox) is added. plan: S3_KEEP_VERSIONS, EC2_CLOSE_PORTS, IAM_ROTATE_KEYS, IAM_LENGTHEN_PASSWORDS.`,
    );
  });
  test('an added account is shown with its roles: trust, then write before read permissions', () => {
    const access = sectionOf(markdown, 'Permissions');
    for (const role of ['evaluate', 'remediate', 'automation'])
      expect(access).toContain(`role compliance-${role} in ${SANDBOX}`);
    expect(access.indexOf('may config:PutEvaluations')).toBeLessThan(access.indexOf('may read: '));
    expect(access).toContain('may be assumed by ssm.amazonaws.com if');
    expect(access).toContain(`may now be run by account ${SANDBOX}`);
    expect(access).not.toContain('an-external-id');
  });
  test('an added account is shown with its new rules and their cost', () => {
    expect(sectionOf(markdown, 'Rules')).toContain(
      `s3-keep-versions: added with a remediation; in ${SANDBOX} ${HOME}, ${SANDBOX} ${ELSEWHERE}`,
    );
    expect(sectionOf(markdown, 'Cost')).toMatch(
      /\| Rule evaluations \| 2,050 \| \$1\.03 \| \$2\.05 \| \+\$1\.03 \|/,
    );
  });
  test('every resource of an added account is in the list of changes', () => {
    expect(sectionOf(markdown, 'All changes')).toContain(
      `module.member_${SANDBOX}.aws_iam_role_policy_attachment.compliance_evaluate: create: policy_arn known only after apply`,
    );
  });
});

describe('review of a Region that is added', () => {
  const before = someSettings({}, { regions: [HOME] });
  const { markdown, errors } = reviewOf(before, someSettings());

  test('an added Region may be applied', () => expect(errors).toEqual([]));
  test('an added Region is shown with the permissions there', () => {
    expect(sectionOf(markdown, 'Settings and exemptions')).toContain(
      `**wider** Region ${ELSEWHERE} is added`,
    );
    expect(sectionOf(markdown, 'Permissions')).toContain(
      `role compliance-automation in ${WORKLOAD}, ${SANDBOX} may lambda:InvokeFunction on arn:aws:lambda:${ELSEWHERE}`,
    );
  });
});

describe('a review without the settings before', () => {
  const [before, after] = [someSettings(mode('approve')), someSettings(mode('auto'))];
  const plan = planBetween(goodPlan(someRules, before), goodPlan(someRules, after));
  const exemptions = { before: [], after: [] };
  const answer = review({ plan, rules: someRules, settings: after, exemptions });

  test('it says first that it cannot compare, with an exit code', () => {
    expect(answer.exitCode).toBe(2);
    expect(answer.json).toMatchObject({ errors: [], notCompared: true });
    expect(answer.text).toMatch(
      /^# Plan review\n\n\*\*Not compared\.\*\* The settings that are deployed now are unknown/,
    );
    expect(answer.text.indexOf('Not compared')).toBeLessThan(answer.text.indexOf('**No errors**'));
  });
  test('it claims neither that nobody may do more nor that rules are new', () => {
    expect(answer.text).not.toContain('Nobody gains permissions');
    expect(sectionOf(answer.text, 'Rules')).toBe('');
    expect(sectionOf(answer.text, 'Settings and exemptions')).toBe('');
  });
  test('an error of the plan counts more than the missing comparison', () => {
    const wrong = planBetween(goodPlan(someRules, before), goodPlan(someRules, before));
    expect(review({ plan: wrong, rules: someRules, settings: after }).exitCode).toBe(1);
  });
  test('before the first deployment there is nothing to compare with, and every account is new', () => {
    const first = review({ plan: goodPlan(), rules: someRules, settings: someSettings() });
    expect(first.exitCode).toBe(0);
    expect(first.text).toContain('Nothing is deployed yet: everything is new.');
    expect(sectionOf(first.text, 'Settings and exemptions')).toContain(
      `**wider** Account ${SANDBOX} (sandbox, in sandbox) is added. auto: S3_KEEP_VERSIONS.`,
    );
  });
});

test('plans without changes complete the picture of those with changes', () => {
  const [before, after] = [someSettings(mode('approve')), someSettings(mode('auto'))];
  const plan = planBetween(goodPlan(someRules, before), goodPlan(someRules, after));
  expect(plan.resource_changes.some(({ change }) => change.actions.includes('no-op'))).toBe(true);
  const reviewed = review({ plan, rules: someRules, settings: after, settingsBefore: before });
  expect(reviewed.text).toContain(' checks passed, 2 could not run everywhere.');
  expect(sectionOf(reviewed.text, 'Rules')).not.toContain('added');
});

test('the sample review in the documentation is current', async () => {
  // Rules of the product, so that a reader can look them up; some of them, so that a new one changes nothing here.
  const rules = await Promise.all(
    [
      'S3_ENABLE_VERSIONING',
      'EC2_RESTRICT_ADMIN_PORTS_IPV4',
      'IAM_ROTATE_ACCESS_KEYS',
      'IAM_SET_PASSWORD_MIN_LENGTH',
    ].map(loadRule),
  );
  const settings = (name: string, accounts: readonly object[]) =>
    someSettings({ accounts, rules: { S3_ENABLE_VERSIONING: { mode: name } } });
  const before = settings('observe', [workload]);
  const after = settings('auto', [workload, sandbox]);
  // Update it with `vitest run --root . packages/deployment-checks/test/review-changes.test.ts -u`.
  await expect(reviewOf(before, after, rules).markdown).toMatchFileSnapshot(
    join(import.meta.dirname, '../../../docs/plan-review.md'),
  );
});

describe('review of exemptions', () => {
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
  const exemptionsSection = (before: readonly Exemption[], after: readonly Exemption[]) =>
    sectionOf(
      reviewPlan(applied(), {
        rules: someRules,
        settings: someSettings(),
        settingsBefore: someSettings(),
        exemptions: { before, after },
      }).markdown,
      'Settings and exemptions',
    );

  test('added, changed and removed exemptions are shown', () => {
    const described =
      'resources uploads-\\*; commands S3_KEEP_VERSIONS; until 2027-01-31, because rewritten nightly';
    expect(exemptionsSection([], [exemption])).toContain(`**wider** Exemption legacy is added: ${described}`);
    expect(exemptionsSection([exemption], [{ ...exemption, expires: '2027-03-31' }])).toMatch(
      /\*\*wider\*\* Exemption legacy changes: .*2027-03-31.*, before .*2027-01-31/,
    );
    expect(exemptionsSection([exemption], [])).toContain(
      '- **wider** Exemption legacy is removed: what it covered may be fixed.',
    );
    expect(exemptionsSection([exemption], [exemption])).toBe('');
  });
});

describe('review of deletions', () => {
  const { markdown } = reviewOf(
    someSettings({ rules: {} }),
    someSettings({ accounts: [workload], rules: {} }),
  );

  test('deletions come first', () => {
    const titles = [...markdown.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(titles[0]).toBe('Deleted or replaced');
    expect(markdown).toContain(`aws_iam_role.compliance_evaluate would be destroyed.`);
  });
});

describe('review of every change', () => {
  const reviewOnce = (mutate: (plan: GoodPlan) => void) => {
    const plan = applied();
    mutate(plan);
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
      reviewOnce((plan) => plan.resource_changes.push(change)),
      'Permissions',
    );

  test('a changed bucket policy is shown statement by statement', () => {
    const shown = access(
      foreign('aws_s3_bucket_policy', {
        before: { policy: statement({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }) },
        after: { policy: statement({}) },
      }),
    );
    expect(shown).toContain('aws_s3_bucket_policy.that now allows everybody: s3:GetObject on \\*');
    expect(shown).toContain(
      'no longer allows everybody: s3:GetObject on \\* if aws:SecureTransport Bool true',
    );
  });
  test('a removed Deny counts as more permissions', () => {
    const shown = access(
      foreign('aws_kms_key', { before: { policy: statement({ Effect: 'Deny' }) }, after: { policy: '' } }),
    );
    expect(shown).toMatch(/More permissions than before:[\s\S]*no longer denies everybody/);
  });
  test('a policy that is known only after apply is shown', () => {
    expect(
      sectionOf(
        reviewOnce((plan) => {
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
        'Permissions',
      ),
    ).toContain('aws_sns_topic_policy.that has a policy that is known only after apply');
  });
  test('a change of access that the review does not cover is shown', () => {
    expect(access(foreign('aws_iam_user_policy_attachment', { actions: ['create'] }))).toContain(
      'this review does not cover aws_iam_user_policy_attachment: review it by hand',
    );
  });
  test('a removed permissions boundary is shown', () => {
    const shown = reviewOnce((plan) => {
      const role = plan.resource_changes.find(({ address }) =>
        address.endsWith('aws_iam_role.compliance_remediate'),
      );
      Object.assign(role?.change.before ?? {}, {
        permissions_boundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      });
    });
    expect(shown).toContain('has no permissions boundary, before arn:aws:iam::aws:policy/ReadOnlyAccess');
  });
  test('a removed Deny statement of a role is shown', () => {
    const shown = reviewOnce((plan) => {
      const policy = plan.resource_changes.find(({ address }) =>
        address.endsWith('aws_iam_policy.compliance_remediate'),
      );
      const document = JSON.parse(String(policy?.change.before?.['policy'])) as { Statement: object[] };
      document.Statement.push({ Effect: 'Deny', Action: 'iam:*', Resource: '*' });
      Object.assign(policy?.change.before ?? {}, { policy: JSON.stringify(document) });
    });
    expect(sectionOf(shown, 'Permissions')).toContain('loses a statement that denies iam:\\* on \\*');
  });
  test('a changed sensitive value is shown without the value', () => {
    const change = foreign('aws_ssm_parameter', { before: { value: 'old' }, after: { value: 'new' } });
    Object.assign(change.change, { after_sensitive: { value: true } });
    const shown = sectionOf(
      reviewOnce((plan) => plan.resource_changes.push(change)),
      'All changes',
    );
    expect(shown).toContain('aws_ssm_parameter.that: update: value changes (sensitive value)');
    expect(shown).not.toContain('old becomes');
  });
  test('a resource that Terraform forgets is shown', () => {
    expect(
      reviewOnce((plan) => plan.resource_changes.push(foreign('aws_sqs_queue', { actions: ['forget'] }))),
    ).toContain('aws_sqs_queue.that: forget');
  });
});
