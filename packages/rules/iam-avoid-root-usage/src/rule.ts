import { ACCOUNT_TYPE, compliant, defineRule, nonCompliant, notApplicable } from '@compliance/core/rule';
import { whyNoRoot } from '@compliance/iam-account';
import { REPORT_PERMISSIONS, daysBetween, observeReport, rootRow } from '@compliance/iam-credential-report';
import * as z from 'zod';

export const rule = defineRule({
  command: 'IAM_AVOID_ROOT_USAGE',
  title: 'Root credentials have not been used recently',
  rationale: 'Nothing limits the root user, and nothing shows which person worked as root.',
  severity: 'high',
  resourceType: ACCOUNT_TYPE,
  deploy: 'home-region',
  triggers: ['schedule'],
  controls: {
    'cis-1.2': ['1.1'],
    'cis-1.3': ['1.7'],
    'cis-1.4': ['1.7'],
    'cis-1.5': ['1.7'],
    'cis-2.0': ['1.7'],
    'cis-3.0': ['1.7'],
    'cis-4.0': ['1.7'],
    'cis-4.0.1': ['1.7'],
    'cis-5.0': ['1.6'],
    'cis-6.0': ['2.6'],
    'cis-7.0': ['2.7'],
  },
  equivalents: {
    securityHub: ['CloudWatch.1'],
    prowler: ['iam_avoid_root_usage'],
    steampipe: ['iam_root_last_used'],
    custodian: ['account: credential'],
  },
  partly:
    'Whether the task needed the root user. A use of the last hours: the credential report is up to four hours old.',
  parameters: z.object({
    maxDaysSinceUse: z
      .int()
      .min(1)
      .default(1)
      .describe('A use of root up to this many whole days ago violates the rule.'),
  }),
  facts: z.object({
    passwordLastUsed: z.iso.datetime().nullable(),
    keyLastUsed: z.iso.datetime().nullable(),
  }),
  permissions: REPORT_PERMISSIONS,

  observe: observeReport((rows, { partition }) => {
    // Without a root user the report has no row of one.
    if (whyNoRoot(partition) !== undefined) return { passwordLastUsed: null, keyLastUsed: null };
    const { passwordLastUsed, keys } = rootRow(rows);
    // A key that was used and is not active any more counts: root was used.
    const keyUses = keys.flatMap(({ lastUsed }) => lastUsed ?? []);
    return { passwordLastUsed, keyLastUsed: keyUses.toSorted().at(-1) ?? null };
  }),

  judge: ({ passwordLastUsed, keyLastUsed }, { parameters: { maxDaysSinceUse }, partition, now }) => {
    const noRoot = whyNoRoot(partition);
    if (noRoot !== undefined) return notApplicable(noRoot);
    const byKey = (keyLastUsed ?? '') > (passwordLastUsed ?? '');
    const lastUsed = byKey ? keyLastUsed : passwordLastUsed;
    // Whole days: a sweep a day later still sees a use that the report of this one does not have yet.
    if (lastUsed === null || daysBetween(lastUsed, now) > maxDaysSinceUse) return compliant();
    const credential = byKey ? 'an access key' : 'the password';
    return nonCompliant(`Root was last used on ${lastUsed.slice(0, 16)}Z, with ${credential}.`);
  },

  guidance:
    'Do daily work as a role. Delete the access keys of root, and its password where central root access replaces it. IAM_AVOID_ROOT_USAGE is COMPLIANT again when root was not used for long enough.',
});
