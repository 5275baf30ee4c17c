import type { Tags } from '../aws/resource-tags.ts';
import type { Session } from '../aws/session.ts';
import type { Rule } from '../rule/rule.ts';
import type { AccountContacts } from '../settings/account-contacts.ts';
import type { ExemptionContext } from '../settings/exempt-or-exclude.ts';
import type { ExemptionsSource } from '../settings/exemptions.ts';
import type { Mode, Settings, SettingsSource } from '../settings/settings.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Publisher } from '../audit/publisher.ts';
import type { Table } from '../state/table.ts';
import type { ConfigRuleEvent } from '../config/config-rule-event.ts';
import type { Evaluation } from '../config/evaluation.ts';
import type { RecoveryRequest } from '../remediate/recovery-request.ts';

export interface EvaluateDependencies {
  /** @throws {ComplianceError} permanent `unknown-command` */
  readonly loadRule: (command: string) => Promise<Rule>;
  readonly loadSettings: SettingsSource;
  readonly loadExemptions: ExemptionsSource;
  readonly openSession: (
    target: Pick<ConfigRuleEvent, 'accountId' | 'region' | 'partition'>,
  ) => Promise<Session>;
  readonly put: (session: Session, resultToken: string, evaluations: readonly Evaluation[]) => Promise<void>;
  readonly publish: Publisher;
  /** Delivers again what waits for a sink, such as a log that was away. */
  readonly redeliver: (scope: {
    readonly command: string;
    readonly accountId: string;
    readonly region: string;
  }) => Promise<void>;
  /** Asks the function that writes journals and decisions to finish what its runs left behind. */
  readonly recover: (request: RecoveryRequest) => Promise<void>;
  readonly contacts: AccountContacts;
  /** Holds the plans. */
  readonly table: Table;
  readonly now: () => Date;
}

/** What Lambda says of an invocation. */
export interface Invocation {
  /** The same for every retry of one event. */
  readonly awsRequestId: string;
}

/** The inputs of a verdict, exemptions and exclusions included. */
export interface JudgingContext extends ExemptionContext {
  readonly session: Session;
  /** The tags, by ARN, of resources that do not carry them; filled only when an exemption matches by tag. */
  readonly tags?: ReadonlyMap<string, Tags>;
}

/** The context of one event's evaluation. */
export interface EvaluationContext extends EvaluateDependencies, JudgingContext {
  readonly event: ConfigRuleEvent;
  readonly invocation: Invocation;
  /**
   * Publishes, and says whether it could. A failure is thrown at the end of the evaluation, so that what cannot be told
   * holds back neither a verdict nor a plan.
   */
  readonly tell: (events: readonly AuditEvent[]) => Promise<boolean>;
  readonly appliedSettings: Settings;
  readonly mode: Mode;
}
