import type { Story } from '@compliance/dashboard-data';

import type { Verdict } from './findings.ts';
import type { Random } from './random.ts';

const DAY = 86_400;
const OPERATOR = 'arn:aws:sts::111122223333:assumed-role/operators/dana';

/** A story that ends in the state of the verdict: found, planned, approved, fixed; undone where it is violating again. */
export const storyOf = (verdict: Verdict, asOf: number, random: Random): Story => {
  const { rule, resource, name, type, region, owner, state } = verdict;
  const back = 3 + random.below(60);
  // What was undone is violating since then.
  const start = state === 'violating' ? verdict.since - DAY - 60 : asOf - DAY * back;
  const planId = `plan-${random.hex(12)}`;
  const changeId = `change-${random.hex(12)}`;
  const before = { status: 'Off', mfaDelete: false };
  const after = { status: 'Enabled', mfaDelete: false };
  const found = {
    time: start,
    step: 'found' as const,
    text: verdict.annotation ?? 'It is off.',
    facts: before,
  };
  const applied = [
    { time: start + 60, step: 'planned' as const, text: 'Turn versioning on (safe)', planId },
    {
      time: start + 7_200,
      step: 'approved' as const,
      text: 'Discussed with the owner',
      actor: OPERATOR,
      planId,
    },
    {
      time: start + 7_260,
      step: 'applied' as const,
      text: 'The plan was approved.',
      actor: OPERATOR,
      planId,
      changeId,
      calls: ['s3:PutBucketVersioning {"VersioningConfiguration":{"Status":"Enabled"}} (done)'],
      factsBefore: before,
      facts: after,
    },
    {
      time: start + 7_262,
      step: 'verified' as const,
      text: 'status: "Off" → "Enabled"',
      changeId,
      facts: after,
    },
  ];
  const end = {
    compliant: applied,
    violating: [
      ...applied,
      {
        time: start + DAY,
        step: 'undone' as const,
        text: 'The import failed',
        actor: OPERATOR,
        changeId,
        factsBefore: after,
        facts: before,
      },
      { ...found, time: start + DAY + 60 },
    ],
    exempt: [
      {
        time: start + DAY,
        step: 'exempt' as const,
        text: `Exempt by ${verdict.exemption} until 2027-01-31.`,
        facts: before,
      },
    ],
    excluded: [],
    unknown: [
      {
        time: start + DAY,
        step: 'not-judged' as const,
        text: 'AccessDenied: the role lacks s3:GetBucketVersioning.',
      },
    ],
  }[state];
  return {
    rule,
    resource,
    type,
    region,
    ...(name !== undefined && { name }),
    ...(owner !== undefined && { owner }),
    steps: [found, ...end],
  };
};
