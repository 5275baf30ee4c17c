import { defined } from '../base/defined.ts';
import type { AccountId } from '../base/account-id.ts';
import { isPlainObject } from '../base/json.ts';
import { engineGrants } from '../aws/engine-grants.ts';
import type { Grant } from '../aws/grant.ts';
import type { Resource } from '../aws/resource.ts';
import type { Session } from '../aws/session.ts';
import type { JudgeContext, Phase, Rule, Severity } from '../rule/rule.ts';
import type { AccountContacts } from '../settings/account-contacts.ts';
import type { ExemptionsSource } from '../settings/exemptions.ts';
import { configuredGrants } from '../settings/configured-grants.ts';
import { withRecordedTriggers } from '../settings/rule-scope.ts';
import {
  accountIn,
  applicableTo,
  parametersOf,
  settingsRevision,
  type Account,
  type Applicable,
  type Settings,
  type SettingsSource,
} from '../settings/settings.ts';
import type { Circumstances, RemediationOutcome } from '../audit/audit-event.ts';
import type { BlockedBy, ChangedBy } from '../audit/blocker.ts';
import type { Publisher } from '../audit/publisher.ts';
import type { JournalEntry } from '../state/journal.ts';
import type { Table } from '../state/table.ts';

export interface RemediateDependencies {
  /** @throws {ComplianceError} permanent `unknown-command` */
  readonly loadRule: (command: string) => Promise<Rule>;
  readonly loadSettings: SettingsSource;
  readonly loadExemptions: ExemptionsSource;
  /** Never cached: each execution has its own credentials, narrowed to the rule's grants. */
  readonly openSession: (request: RemediateSessionRequest) => Promise<Session>;
  /** Whether the organization's stop switch is on. */
  readonly isStopped: () => Promise<boolean>;
  readonly publish: Publisher;
  readonly contacts: AccountContacts;
  readonly table: Table;
  readonly now: () => Date;
  /** The id that Lambda gave the invocation; a request without an execution is told apart by it. */
  readonly requestId?: string;
  /** When Lambda ends this run at the latest. */
  readonly endsAt?: Date;
}

export interface RemediateSessionRequest {
  readonly accountId: AccountId;
  readonly region: string;
  readonly partition: string;
  readonly grants: readonly Grant[];
  readonly sessionName: string;
}

/** The function's answer to SSM Automation. Whatever was decided, AWS Config sees a successful execution. */
export interface RemediationAnswer {
  readonly status: RemediationOutcome;
  readonly reason: string;
  readonly planId?: string;
  readonly changeId?: string;
}

/** The answer, and what the audit event adds to it. */
export interface RemediationResult extends RemediationAnswer {
  readonly owner?: string;
  readonly severity?: Severity;
  /** The person who asked for the fix: the identity that STS proved. */
  readonly actorArn?: string | undefined;
  /** What held the fix back, when it was not a decision of people. */
  readonly blockedBy?: BlockedBy;
  /** The principal that keeps reverting the fix, when known. */
  readonly changedBy?: ChangedBy;
  readonly circumstances?: Circumstances;
  readonly factsBefore?: unknown;
  readonly factsAfter?: unknown;
  readonly applied?: { readonly steps: readonly Pick<JournalEntry, 'intent' | 'outcome'>[] };
  /** The event was published together with the change. */
  readonly published?: true;
}

export const skipped = (reason: string): RemediationResult => ({ status: 'skipped', reason });

/** One resource to remediate, by one rule, for one execution. */
export interface RemediationTarget {
  readonly command: string;
  readonly accountId: AccountId;
  readonly region: string;
  readonly partition: string;
  readonly resource: Resource;
  readonly executionId: string;
}

/** The context of one remediation. */
export interface RemediationContext extends RemediateDependencies {
  readonly target: RemediationTarget;
  readonly rule: Rule;
  readonly account: Account;
  readonly appliedSettings: Settings;
  readonly applicable: Applicable;
  readonly judgeContext: JudgeContext;
  readonly session: Session;
  /** The person who asked for the fix: the identity that STS proved. */
  readonly actorArn?: string;
}

/** Under which circumstances a run ends now. */
export const circumstancesOf = ({
  rule,
  appliedSettings,
  judgeContext,
  causationId,
  now,
}: Pick<RemediationContext, 'rule' | 'appliedSettings' | 'judgeContext' | 'now'> & {
  readonly causationId?: string | undefined;
}): Circumstances =>
  defined({
    causationId,
    durationMs: now().getTime() - judgeContext.now.getTime(),
    rule: rule.release,
    settingsRevision: settingsRevision(appliedSettings),
  });

/** Resolves the settings of a target. Needs no role. @throws {ComplianceError} permanent `foreign-account` */
export const resolveScope = async (
  target: Pick<RemediationTarget, 'accountId' | 'command'>,
  loadSettings: SettingsSource,
) => {
  const appliedSettings = await loadSettings();
  const account = accountIn(appliedSettings, target.accountId);
  return { appliedSettings, account, applicable: applicableTo(appliedSettings, account, target.command) };
};

/** Assumes the member's role with the grants of the given phases only. */
export const openRemediation = async (
  target: RemediationTarget,
  rule: Rule,
  scope: Awaited<ReturnType<typeof resolveScope>>,
  { phases, ...dependencies }: RemediateDependencies & { readonly phases: readonly Phase[] },
): Promise<RemediationContext> => {
  const { accountId, region, partition } = target;
  const now = dependencies.now();
  const parameters = parametersOf(rule, scope.applicable, target);
  const judgeContext = { parameters, accountId, region, partition, now };
  const session = await dependencies.openSession({
    accountId,
    region,
    partition,
    grants: configuredGrants(
      [...engineGrants.remediate, ...phases.flatMap((phase) => rule.permissions[phase])],
      [isPlainObject(parameters) ? parameters : {}],
    ),
    sessionName: sessionName(target),
  });
  const scopedRule = withRecordedTriggers(rule, scope.appliedSettings);
  return { ...dependencies, ...scope, target, rule: scopedRule, judgeContext, session };
};

/** `S3_ENABLE_VERSIONING+execution`, 64 characters at most, as STS requires; the execution's id is whole if it fits. */
const sessionName = ({ command, executionId }: RemediationTarget) =>
  `${command.slice(0, Math.max(8, 63 - executionId.length))}+${executionId}`.slice(0, 64);
