import * as z from 'zod';

import { whyNotAdmitted } from './admission.ts';
import { applyPlan, changeIdOf } from './apply-plan.ts';
import { auditEvent } from './audit/audit-event.ts';
import { proofSubject, type Caller } from './caller-proof.ts';
import { explain, failureKind, hasCode, permanent } from './errors.ts';
import { ownerOf } from './owner.ts';
import { isCoveredBy, planFix, type Finding, type Plan, type Planned } from './plan.ts';
import { announcePlan, finish } from './remediate.ts';
import {
  look,
  openRemediation,
  scopeOf,
  type RemediateDependencies,
  type Remediation,
  type RemediationResult,
  type RemediationTarget,
} from './remediation.ts';
import { allows } from './settings.ts';
import { movePlan, readPlan, requireCurrent, type PlanRecord } from './state/plans.ts';
import { undoApplied } from './undo-applied.ts';

/** What a person at the keyboard asks of the remediation function, through its alias `operator` alone. */
const OperatorRequest = z.strictObject({
  action: z.enum(['approve', 'apply', 'reject', 'undo']),
  /** Of a plan, or of a change to undo. */
  id: z.string().regex(/^(plan|change)-[0-9a-f]{16}$/),
  /** A presigned `sts:GetCallerIdentity` that carries action and id in a signed header. */
  proof: z.string().max(8192),
  reason: z.string().max(500).optional(),
  /** Names the run, for the session's name and the change's id. */
  executionId: z.string().regex(/^[\w-]{1,64}$/),
});
export type OperatorRequest = Readonly<z.infer<typeof OperatorRequest>>;

export interface OperateDependencies extends RemediateDependencies {
  /** @throws {ComplianceError} permanent `not-proven` */
  readonly proveCaller: (proof: string, subject: string) => Promise<Caller>;
}

export interface OperatorAnswer {
  readonly status: RemediationResult['status'] | 'approved' | 'rejected' | 'undone';
  readonly reason: string;
  readonly planId?: string;
  readonly changeId?: string;
}

/** A request of a person, done; or why not, which the auditors are told as well. Only a transient fault is thrown. */
export const createOperate =
  (dependencies: OperateDependencies) =>
  async (input: unknown): Promise<OperatorAnswer> => {
    let request: OperatorRequest | undefined;
    let caller: Caller | undefined;
    try {
      request = parseRequest(input);
      caller = await dependencies.proveCaller(request.proof, proofSubject(request.action, request.id));
      await requireOperator(caller, dependencies);
      return await operate(request, { ...dependencies, by: caller.arn });
    } catch (error) {
      if (failureKind(error) === 'transient') throw error;
      return refuse(request, { by: caller?.arn, reason: explain(error) }, dependencies);
    }
  };

const refuse = async (
  request: OperatorRequest | undefined,
  { by, reason }: { readonly by: string | undefined; readonly reason: string },
  { publish, now }: RemediateDependencies,
): Promise<OperatorAnswer> => {
  const { id, executionId = 'unknown' } = request ?? {};
  const refused = {
    type: 'remediation-finished',
    executionId,
    outcome: 'refused',
    reason,
    ...(by !== undefined && { by }),
    ...(id !== undefined && (id.startsWith('plan-') ? { planId: id } : { changeId: id })),
  } as const;
  await publish([auditEvent(refused, now())]);
  return { status: 'refused', reason };
};

export interface Operating extends RemediateDependencies {
  /** The identity that STS proved. */
  readonly by: string;
}

const parseRequest = (input: unknown): OperatorRequest => {
  const parsed = OperatorRequest.safeParse(input);
  if (parsed.success) return parsed.data;
  throw permanent(
    'malformed-request',
    `This is no operator's request: ${z.prettifyError(parsed.error)}`,
    parsed.error,
  );
};

// The alias admits the master account only; this holds even where somebody opened it wider.
const requireOperator = async (
  { arn, accountId }: Caller,
  { settings }: RemediateDependencies,
): Promise<void> => {
  const { masterAccountId } = (await settings()).organization;
  if (accountId !== masterAccountId)
    throw permanent(
      'not-an-operator',
      `${arn} is not of the master account ${masterAccountId}: it may not decide.`,
    );
};

const operate = (request: OperatorRequest, operating: Operating): Promise<OperatorAnswer> => {
  switch (request.action) {
    case 'approve':
      return decidePlan(request, 'approved', operating);
    case 'reject':
      return decidePlan(request, 'rejected', operating);
    case 'apply':
      return applyApproved(request, operating);
    case 'undo':
      return undoApplied(request, operating);
    default:
      throw new Error(`Unknown action ${JSON.stringify(request.action satisfies never)}`);
  }
};

const decidePlan = async (
  { id, reason }: OperatorRequest,
  to: 'approved' | 'rejected',
  { table, now, by, publish, settings }: Operating,
): Promise<OperatorAnswer> => {
  const open = await requirePlan(id, { table });
  if (to === 'approved') await requireApproving(open.plan, settings);
  const decision = { by, at: now().toISOString(), ...(reason !== undefined && { reason }) };
  await movePlan(table, {
    planId: id,
    from: to === 'rejected' ? ['open', 'approved'] : ['open'],
    to,
    now: now(),
    decision,
  });
  const decided = { type: 'plan-decided', ...aboutPlan(open.plan), planId: id, decision: to, by } as const;
  await publish([auditEvent({ ...decided, ...(reason !== undefined && { reason }) }, now())]);
  return { status: to, reason: `${open.plan.description}: ${to} by ${by}.`, planId: id };
};

const requirePlan = async (id: string, { table }: Pick<Operating, 'table'>): Promise<PlanRecord> => {
  const record = await readPlan(table, id);
  if (record) return record;
  throw permanent('unknown-plan', `There is no plan ${id}. 'compliance plans list' shows those there are.`);
};

const requireApproving = async ({ command, accountId }: Plan, settings: Operating['settings']) => {
  const scope = await scopeOf({ command, accountId }, settings);
  if (!allows(scope.applicable.mode, 'approve'))
    throw permanent(
      'mode-forbids',
      `The mode of ${command} is '${scope.applicable.mode}' in account ${accountId}; approving needs 'approve' or 'auto'.`,
    );
  return scope;
};

/** Applies exactly the plan that was approved, if the resource is still as the plan found it. */
const applyApproved = async (
  { id, executionId }: OperatorRequest,
  operating: Operating,
): Promise<OperatorAnswer> => {
  const record = await requirePlan(id, operating);
  if (record.status !== 'approved')
    throw permanent('not-approved', `${id} is ${record.status}; 'compliance approve ${id}' comes first.`);
  requireCurrent(record, operating.now());
  const { plan } = record;
  const scope = await requireApproving(plan, operating.settings);
  if (await operating.isStopped()) throw permanent('stopped', 'The stop switch of the organization is on.');
  const target = targetOf(plan, executionId, partitionIn(operating.by));
  const rule = await operating.loadRule(plan.command);
  const remediation = await openRemediation(target, rule, scope, { ...operating, phases: ['one', 'fix'] });
  const result = await applyExactly(plan, { ...remediation, by: operating.by });
  return finish(target, { ...result, severity: rule.severity }, operating);
};

type Applying = Remediation & Pick<Operating, 'by'>;

const applyExactly = async (approved: Plan, applying: Applying): Promise<RemediationResult> => {
  const { by, session } = applying;
  const finding = await look(applying);
  if ('status' in finding) return { ...finding, by };
  const owner = await ownerOf(finding.resource, applying);
  const planned = await planFix(finding, session);
  if ('human' in planned) return { status: 'human', reason: planned.human, owner, by };
  const result = isCoveredBy(planned.plan, approved)
    ? // What is done may be less by now; it is the approved plan all the same, and goes by its name.
      await applyAdmitted(finding, { ...planned, plan: { ...planned.plan, id: approved.id } }, applying)
    : await supersede(approved, planned.plan, { ...applying, owner });
  return { owner, by, ...result };
};

const supersede = async (
  { id }: Plan,
  successor: Plan,
  applying: Applying & { owner: string },
): Promise<RemediationResult> => {
  const { table, now, publish, by, owner } = applying;
  await announcePlan(successor, { reason: `It takes the place of ${id}.` }, applying);
  await movePlan(table, {
    planId: id,
    from: ['approved'],
    to: 'superseded',
    now: now(),
    successor: successor.id,
  });
  const reason = `The resource is not as ${id} found it. It was planned anew; approve ${successor.id} instead.`;
  const about = { ...aboutPlan(successor), planId: id, owner, by, reason };
  await publish([auditEvent({ type: 'plan-decided', decision: 'superseded', ...about }, now())]);
  return { status: 'planned', reason, planId: successor.id, factsBefore: successor.facts };
};

const applyAdmitted = async (
  finding: Finding,
  planned: Extract<Planned, { plan: Plan }>,
  remediation: Remediation,
): Promise<RemediationResult> => {
  const { table, now } = remediation;
  const { id: planId } = planned.plan;
  const withheld = await whyNotAdmitted(remediation, finding, { approved: true, plan: planned.plan });
  if (withheld) return { ...withheld, status: 'planned', planId };
  // Taken before the first call: of two who apply at once, one does. A killed run leaves the name of its change.
  const successor = changeIdOf(planned.plan, remediation);
  await movePlan(table, { planId, from: ['approved'], to: 'applied', now: now(), successor });
  try {
    return await applyPlan(remediation, planned);
  } catch (error) {
    // Nothing was begun: the approval still stands.
    if (hasCode(error, 'not-begun'))
      await movePlan(table, { planId, from: ['applied'], to: 'approved', now: now() });
    throw error;
  }
};

const targetOf = (
  { command, accountId, region, resource }: Plan,
  executionId: string,
  partition: string,
): RemediationTarget => ({ command, accountId, region, resource, executionId, partition });

// `arn:aws-cn:sts::…`: an organization lives in one partition.
const partitionIn = (arn: string) => arn.split(':')[1] ?? 'aws';

const aboutPlan = ({ command, accountId, region, resource }: Plan) => ({
  command,
  accountId,
  region,
  resource,
});
