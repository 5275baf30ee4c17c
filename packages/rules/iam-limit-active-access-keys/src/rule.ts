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
  type Key,
} from '@compliance/iam-credential-report';
import * as z from 'zod';

export const rule = defineRule({
  command: 'IAM_LIMIT_ACTIVE_ACCESS_KEYS',
  title: 'IAM users have at most one active access key',
  rationale: 'A second active key is mostly one that a rotation left behind: one more secret that may leak.',
  severity: 'medium',
  resourceType: USER,
  deploy: 'home-region',
  impact:
    'Whatever signs requests with the deactivated key, rarely enough to seem idle, is refused until it gets the other one.',
  triggers: ['schedule'],
  controls: {
    'cis-1.3': ['1.13'],
    'cis-1.4': ['1.13'],
    'cis-1.5': ['1.13'],
    'cis-2.0': ['1.13'],
    'cis-3.0': ['1.13'],
    'cis-4.0': ['1.13'],
    'cis-4.0.1': ['1.13'],
    'cis-5.0': ['1.12'],
    'cis-6.0': ['2.12'],
  },
  equivalents: {
    prowler: ['iam_user_two_active_access_key'],
    steampipe: ['iam_user_one_active_key'],
    custodian: ['iam-user: access-key (count)'],
  },
  parameters: z.object({
    rotationOverlapDays: z
      .int()
      .min(0)
      .default(7)
      .describe(
        'For how many whole days after the newest key was created two may be active. A fix deactivates only a key that was unused for as long.',
      ),
  }),
  facts: z.object({ activeKeysCreated: z.array(z.iso.datetime()) }),
  handles: KeyHandles,
  permissions: KEY_PERMISSIONS,

  // Creation dates of a user's active keys, oldest first.
  observe: observeKeys((keys) => ({ activeKeysCreated: keys.map(({ created }) => created).toSorted() })),

  judge: ({ activeKeysCreated }, { parameters: { rotationOverlapDays }, now }) => {
    const newest = activeKeysCreated.toSorted().at(-1);
    if (newest === undefined || activeKeysCreated.length < 2) return compliant();
    if (daysBetween(newest, now) < rotationOverlapDays) return compliant();
    const days = firstOf(activeKeysCreated.map(dayOf));
    return nonCompliant(`${activeKeysCreated.length} access keys are active: created ${days}.`);
  },

  // By last use, not by age: after a rotation that failed, the new key is the unused one.
  fix: ({ handles: { userName, keys }, parameters: { rotationOverlapDays }, now }) => {
    const [kept, ...others] = keys.toSorted(byLastUse);
    const idle = others.filter((key) => daysUnused(key, now) >= rotationOverlapDays);
    const inUse = others.filter((key) => !idle.includes(key));
    const uses = inUse.map((key) => `${key.accessKeyId} (${describeUse(key)})`).join(' and ');
    return deactivateKeys({
      userName,
      now,
      idle,
      inUse:
        inUse.length === 0
          ? undefined
          : `User ${userName} uses more than one access key: replace ${uses} with ${kept?.accessKeyId}, then deactivate it.`,
    });
  },

  undo: ACTIVATE_KEYS,
});

/** The key used last first, then the newest. */
const byLastUse = (a: Key, b: Key): number => (useOrder(a) > useOrder(b) ? -1 : 1);

const useOrder = ({ lastUsed, created, accessKeyId }: Key) => `${lastUsed ?? ''} ${created} ${accessKeyId}`;
