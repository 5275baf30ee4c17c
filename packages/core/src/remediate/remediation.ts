import type { Publisher } from '../audit/publisher.ts';
import type { RemediationOutcome } from '../audit/audit-event.ts';
import { engineGrants } from '../aws/engine-grants.ts';
import type { ExemptionsSource } from '../settings/exemptions.ts';
import type { Grant } from '../aws/grant.ts';
import type { Resource } from '../aws/resource.ts';
import type { JudgeContext, Phase, Rule, Severity } from '../rule/rule.ts';
import type { AccountContacts } from '../settings/account-contacts.ts';
import type { AccountId } from '../base/account-id.ts';
import type { Session } from '../aws/session.ts';
import {
  accountIn,
  applicableTo,
  parametersOf,
  type Account,
  type Applicable,
  type Settings,
  type SettingsSource,
} from '../settings/settings.ts';
import type { JournalEntry } from '../state/journal.ts';
import type { Table } from '../state/table.ts';
import type { ChangedBy } from '../audit/blocker.ts';

export interface RemediateDependencies {
  /** @throws {ComplianceError} permanent `unknown-command` */
  readonly loadRule: (command: string) => Promise<Rule>;
  readonly loadSettings: SettingsSource;
  readonly loadExemptions: ExemptionsSource;
  /** Never cached: each execution has credentials of its own, narrowed to the rule's grants. */
  readonly openSession: (request: RemediateSessionRequest) => Promise<Session>;
  /** The organization's stop switch. */
  readonly isStopped: () => Promise<boolean>;
  readonly publish: Publisher;
  readonly contacts: AccountContacts;
  readonly table: Table;
  readonly now: () => Date;
  /** When Lambda will have ended this run. */
  readonly endsAt?: Date;
}

export interface RemediateSessionRequest {
  readonly accountId: AccountId;
  readonly region: string;
  readonly partition: string;
  readonly grants: readonly Grant[];
  readonly sessionName: string;
}

/** What the function answers SSM Automation. Whatever we decided, the execution is a success to AWS Config. */
export interface RemediationAnswer {
  readonly status: RemediationOutcome;
  readonly reason: string;
  readonly planId?: string;
  readonly changeId?: string;
}

/** The answer, with what the audit event adds to it. */
export interface RemediationResult extends RemediationAnswer {
  readonly owner?: string;
  readonly severity?: Severity;
  /** The person who asked for it, as STS proved. */
  readonly by?: string | undefined;
  /** Who changes the resource back, where that is why it is left alone. */
  readonly changedBy?: ChangedBy;
  readonly factsBefore?: unknown;
  readonly factsAfter?: unknown;
  readonly applied?: { readonly steps: readonly Pick<JournalEntry, 'intent' | 'outcome'>[] };
  /** The auditors know: its event was told with the change that it is about. */
  readonly published?: true;
}

export const skipped = (reason: string): RemediationResult => ({ status: 'skipped', reason });

/** One resource to look at, by one rule, on behalf of one execution. */
export interface RemediationTarget {
  readonly command: string;
  readonly accountId: AccountId;
  readonly region: string;
  readonly partition: string;
  readonly resource: Resource;
  readonly executionId: string;
}

/** Everything that one remediation goes by. */
export interface RemediationContext extends RemediateDependencies {
  readonly target: RemediationTarget;
  readonly rule: Rule;
  readonly account: Account;
  readonly appliedSettings: Settings;
  readonly applicable: Applicable;
  readonly context: JudgeContext;
  readonly session: Session;
  /** The person who asks for it, as STS proved. */
  readonly by?: string;
}

/** What applies to a target, before any role is assumed. @throws {ComplianceError} permanent `foreign-account` */
export const resolveScope = async (
  target: Pick<RemediationTarget, 'accountId' | 'command'>,
  settings: SettingsSource,
) => {
  const appliedSettings = await settings();
  const account = accountIn(appliedSettings, target.accountId);
  return { appliedSettings, account, applicable: applicableTo(appliedSettings, account, target.command) };
};

/** Assumes the member's role with the grants of these phases and no others. */
export const openRemediation = async (
  target: RemediationTarget,
  rule: Rule,
  scope: Awaited<ReturnType<typeof resolveScope>>,
  { phases, ...dependencies }: RemediateDependencies & { readonly phases: readonly Phase[] },
): Promise<RemediationContext> => {
  const { accountId, region, partition } = target;
  const now = dependencies.now();
  const context = { parameters: parametersOf(rule, scope.applicable), accountId, region, now };
  const session = await dependencies.openSession({
    accountId,
    region,
    partition,
    grants: [...engineGrants.remediate, ...phases.flatMap((phase) => rule.permissions[phase])],
    sessionName: sessionName(target),
  });
  return { ...dependencies, ...scope, target, rule, context, session };
};

/** `S3_ENABLE_VERSIONING+execution`: what STS takes, 64 characters at most, the execution's id whole if it fits. */
const sessionName = ({ command, executionId }: RemediationTarget) =>
  `${command.slice(0, Math.max(8, 63 - executionId.length))}+${executionId}`.slice(0, 64);
