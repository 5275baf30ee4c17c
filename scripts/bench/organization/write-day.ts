import { auditEvent, type AuditEvent } from '../../../packages/core/src/audit/audit-event.ts';
import { AccountId } from '../../../packages/core/src/base/account-id.ts';
import type { Rule } from '../../../packages/core/src/rule/rule.ts';
import { folderLedger } from '../../../packages/ledger/src/folder-ledger.ts';
import { pick, randomOf } from './random.ts';
import { REGIONS, accountAt, judgedBy, ownerAt, type OrganizationSize } from './synthetic-accounts.ts';

const HOUR_MS = 3_600_000;
const HOURS = 24;
const ADA = 'arn:aws:sts::999999999999:assumed-role/operators/ada';

/** Writes the events of the day after a snapshot into a ledger, by the writer of the functions: one append an hour. */
export const writeDay = async (
  folder: string,
  rules: readonly Rule[],
  { size, from, events }: { readonly size: OrganizationSize; readonly from: number; readonly events: number },
): Promise<void> => {
  const random = randomOf(size.seed * 17);
  let next = 0;
  const idOf = () => `event-${(next += 1).toString(16).padStart(24, '0')}`;
  for (let hour = 0; hour < HOURS; hour += 1) {
    const start = from + hour * HOUR_MS;
    const count = Math.floor((events * (hour + 1)) / HOURS) - Math.floor((events * hour) / HOURS);
    const batch: AuditEvent[] = [];
    while (batch.length < count) {
      const subject = subjectAt(rules, size, random);
      const at = start + Math.floor(random() * HOUR_MS * 0.99);
      batch.push(...eventsAbout(subject, { at, random, idOf }));
    }
    await folderLedger(folder, () => new Date(start + HOUR_MS - 1)).append(batch.slice(0, count));
  }
};

const subjectAt = (rules: readonly Rule[], size: OrganizationSize, random: () => number) => {
  for (;;) {
    const index = Math.floor(random() * size.accounts);
    const account = accountAt(index, size);
    const rule = pick(rules, random);
    const region = pick(REGIONS, random);
    const ids = judgedBy(rule, account, region);
    if (ids.length === 0) continue;
    const resourceId = pick(ids, random);
    return {
      command: rule.command,
      severity: rule.severity,
      accountId: AccountId.parse(account.id),
      region,
      resource: { resourceType: rule.resourceType, resourceId },
      owner: ownerAt(index, random),
    };
  }
};
type SyntheticSubject = ReturnType<typeof subjectAt>;

interface Occurrence {
  readonly at: number;
  readonly random: () => number;
  readonly idOf: () => string;
}

/** Mostly a new verdict; sometimes a failure, a resource that vanished, or a fix with its plan and approval. */
const eventsAbout = (subject: SyntheticSubject, occurrence: Occurrence): readonly AuditEvent[] => {
  const kind = occurrence.random();
  if (kind < 0.55) return [verdict(subject, 'COMPLIANT', occurrence)];
  if (kind < 0.85) return [verdict(subject, 'NON_COMPLIANT', occurrence)];
  if (kind < 0.9) return [verdict(subject, 'NOT_APPLICABLE', occurrence)];
  if (kind < 0.94) return [failure(subject, occurrence)];
  return fix(subject, occurrence);
};

const header = ({ at, idOf }: Occurrence) =>
  ({ schemaVersion: 2, id: idOf(), time: new Date(at).toISOString() }) as const;

const verdict = (
  subject: SyntheticSubject,
  complianceType: 'COMPLIANT' | 'NON_COMPLIANT' | 'NOT_APPLICABLE',
  occurrence: Occurrence,
): AuditEvent => ({
  type: 'resource-evaluated',
  ...header(occurrence),
  ...subject,
  trigger: 'change',
  complianceType,
  ...(complianceType === 'NON_COMPLIANT' && { annotation: 'The setting is off.' }),
  orderingTime: new Date(occurrence.at - 5000).toISOString(),
});

const failure = (subject: SyntheticSubject, occurrence: Occurrence): AuditEvent => ({
  type: 'evaluation-failed',
  ...header(occurrence),
  ...subject,
  trigger: 'change',
  error: { kind: 'permanent', code: 'AccessDenied', message: 'AccessDenied: the role may not read it.' },
});

/** Found, planned, approved and fixed within two hours; one in ten fails. */
const fix = (subject: SyntheticSubject, occurrence: Occurrence): readonly AuditEvent[] => {
  const { at, random } = occurrence;
  const number = Math.floor(random() * 0xff_ff_ff_ff)
    .toString(16)
    .padStart(16, '0');
  const [planId, changeId] = [`plan-${number}`, `change-${number}`];
  const call = { operation: 's3:PutBucketVersioning', input: { Bucket: subject.resource.resourceId } };
  const timed = (minutes: number, event: Parameters<typeof auditEvent>[0]) =>
    auditEvent(event, new Date(at + minutes * 60_000), new Date(at + minutes * 60_000));
  return [
    verdict(subject, 'NON_COMPLIANT', occurrence),
    timed(0, {
      type: 'plan-created',
      ...subject,
      withheld: "The mode is 'approve'.",
      plan: {
        ...subject,
        id: planId,
        facts: { status: 'Off' },
        annotation: 'The setting is off.',
        description: `Turn the setting on for ${subject.resource.resourceId}`,
        risk: 'safe',
        steps: [{ type: 'call', ...call, undo: call }],
      },
    }),
    timed(30, {
      type: 'plan-decided',
      ...subject,
      planId,
      decision: 'approved',
      actor: ADA,
      reason: 'Reviewed.',
    }),
    timed(31, {
      type: 'remediation-finished',
      ...subject,
      executionId: `execution-${number}`,
      outcome: random() < 0.1 ? 'failed' : 'fixed',
      reason: `Turn the setting on for ${subject.resource.resourceId}`,
      planId,
      changeId,
      actor: ADA,
      factsBefore: { status: 'Off' },
      factsAfter: { status: 'Enabled' },
      steps: [{ intent: { type: 'call', ...call, undo: call }, outcome: { type: 'done' } }],
    }),
    verdict(subject, 'COMPLIANT', { ...occurrence, at: at + 60 * 60_000 }),
  ];
};
