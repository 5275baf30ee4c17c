import { compliant, defineRule, firstOf, nonCompliant } from '@compliance/core/rule';
import {
  ACTIVATE_KEYS,
  KEY_PERMISSIONS,
  KeyHandles,
  USER,
  dayOf,
  daysBetween,
  daysUnused,
  deactivateKeys,
  describeUse,
  observeKeys,
} from '@compliance/iam-credential-report';
import * as z from 'zod';

export const iamRotateAccessKeys = defineRule({
  command: 'IAM_ROTATE_ACCESS_KEYS',
  title: 'Active access keys of IAM users are not older than allowed',
  rationale: 'An older key was copied to more places, and a leak of it stays useful for longer.',
  severity: 'medium',
  resourceType: USER,
  deploy: 'home-region',
  impact: 'Whatever still signs requests with a deactivated key is refused until it has a new one.',
  triggers: ['schedule'],
  controls: {
    'cis-1.2': ['1.4'],
    'cis-1.3': ['1.14'],
    'cis-1.4': ['1.14'],
    'cis-1.5': ['1.14'],
    'cis-2.0': ['1.14'],
    'cis-3.0': ['1.14'],
    'cis-4.0': ['1.14'],
    'cis-4.0.1': ['1.14'],
    'cis-5.0': ['1.13'],
    'cis-6.0': ['2.13'],
    'cis-7.0': ['2.12'],
    'aws-fsbp': ['IAM.3'],
  },
  equivalents: {
    config: ['ACCESS_KEYS_ROTATED'],
    securityHub: ['IAM.3'],
    prowler: ['iam_rotate_access_key_90_days'],
    steampipe: ['iam_user_access_key_age_90'],
    custodian: ['iam-user: credential (access_keys.last_rotated) / access-key age'],
  },
  parameters: z.object({
    maxAccessKeyAge: z.int().min(1).default(90).describe('The maximum age of a key, in whole days.'),
    onlyIfUnusedDays: z
      .int()
      .min(1)
      .nullable()
      .default(null)
      .describe(
        'A fix deactivates only keys that were unused for this many whole days; null: every old key.',
      ),
  }),
  facts: z.object({ activeKeysCreated: z.array(z.iso.datetime()) }),
  handles: KeyHandles,
  permissions: KEY_PERMISSIONS,

  // Creation dates of a user's active keys, oldest first.
  observe: observeKeys((keys) => ({ activeKeysCreated: keys.map(({ created }) => created).toSorted() })),

  judge: ({ activeKeysCreated }, { parameters: { maxAccessKeyAge }, now }) => {
    const old = activeKeysCreated.filter((created) => daysBetween(created, now) > maxAccessKeyAge);
    if (old.length === 0) return compliant();
    // The creation day, not the age: an annotation that changes daily would be sent, and billed, daily.
    const days = firstOf(old.map(dayOf));
    return nonCompliant(`Active access keys are older than ${maxAccessKeyAge} days: created ${days}.`);
  },

  // A fix creates no new key, because the secret would have to reach the users of the old one.
  fix: ({ handles: { userName, keys }, parameters: { maxAccessKeyAge, onlyIfUnusedDays }, now }) => {
    const old = keys.filter(({ created }) => daysBetween(created, now) > maxAccessKeyAge);
    const inUse = old.filter((key) => onlyIfUnusedDays !== null && daysUnused(key, now) < onlyIfUnusedDays);
    const uses = inUse.map((key) => `${key.accessKeyId} (${describeUse(key)})`).join(' and ');
    return deactivateKeys({
      userName,
      now,
      idle: old.filter((key) => !inUse.includes(key)),
      inUse:
        inUse.length === 0
          ? undefined
          : `Create a new access key for user ${userName}, replace ${uses} with it, then deactivate the old key.`,
    });
  },

  undo: ACTIVATE_KEYS,
});
