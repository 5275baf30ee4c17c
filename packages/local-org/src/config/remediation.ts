import type { OrgEvents } from '../base/org-event.ts';
import type { Place } from '../base/place.ts';
import type { Work } from '../base/work.ts';
import { afterFailure, afterSuccess, type Attempts, noAttempts } from './remediation-attempts.ts';
import { automationParameters, type RemediationConfiguration } from './remediation-configuration.ts';
import type { Rule } from './rule.ts';

/** One execution of a remediation for one resource. */
export interface RemediationExecution {
  readonly resourceId: string;
  readonly resourceType: string;
  readonly invokedAt: Date;
  readonly automatic: boolean;
  state: 'QUEUED' | 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';
  updatedAt: Date;
  executionId?: string;
  failure?: string | undefined;
}

export interface RemediationException {
  readonly ruleName: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly message: string;
}

export interface RemediationDependencies {
  readonly now: () => Date;
  readonly work: Work;
  readonly events: OrgEvents;
  /** Runs the automation with AWS Config's service role until it ends. */
  readonly runAutomation: (
    place: Place,
    document: { readonly name: string; readonly version?: string | undefined },
    parameters: Readonly<Record<string, readonly string[]>>,
    started: (executionId: string) => void,
  ) => Promise<{ readonly status: string; readonly failure?: string | undefined }>;
}

interface RuleRemediation {
  readonly configuration: RemediationConfiguration;
  readonly arn: string;
  /** Latest execution per resource. */
  readonly executions: Map<string, RemediationExecution>;
  readonly attempts: Map<string, Attempts>;
}

interface Resource {
  readonly resourceType: string;
  readonly resourceId: string;
}

export interface Remediation {
  readonly configure: (rule: Rule, configuration: RemediationConfiguration) => void;
  readonly remove: (rule: Rule) => boolean;
  readonly of: (rule: Rule) => RuleRemediation | undefined;
  /** Starts an automatic remediation after a NON_COMPLIANT verdict, unless there is an exception. */
  readonly onNonCompliant: (rule: Rule, resource: Resource) => void;
  readonly start: (rule: Rule, resource: Resource) => void;
  readonly exceptions: (rule: Rule) => readonly RemediationException[];
  readonly deleteException: (rule: Rule, resource: Resource) => boolean;
}

const DEFAULT_ATTEMPTS = 5;
const DEFAULT_WINDOW_SECONDS = 60;

const resourceKey = ({ resourceType, resourceId }: Resource): string => `${resourceType}/${resourceId}`;

/** Runs the SSM documents of remediation configurations. */
export const createRemediation = (deps: RemediationDependencies): Remediation => {
  const byRule = new Map<string, RuleRemediation>();

  return {
    configure: (rule, configuration) => {
      const known = byRule.get(rule.arn);
      const executions = known?.executions ?? new Map<string, RemediationExecution>();
      const attempts = known?.attempts ?? new Map<string, Attempts>();
      const arn = `${rule.arn.replace(':config-rule/', ':remediation-configuration/')}/1`;
      byRule.set(rule.arn, { configuration, arn, executions, attempts });
    },
    remove: (rule) => byRule.delete(rule.arn),
    of: (rule) => byRule.get(rule.arn),
    onNonCompliant: (rule, resource) => {
      const ruleRemediation = byRule.get(rule.arn);
      if (ruleRemediation?.configuration.Automatic !== true) return;
      if (ruleRemediation.attempts.get(resourceKey(resource))?.excepted === true) return;
      startExecution(deps, rule, ruleRemediation, resource, true);
    },
    start: (rule, resource) => {
      const ruleRemediation = byRule.get(rule.arn);
      if (ruleRemediation !== undefined) startExecution(deps, rule, ruleRemediation, resource, false);
    },
    exceptions: (rule) =>
      [...(byRule.get(rule.arn)?.attempts ?? [])].flatMap(([key, { excepted, failedAt }]) => {
        const slash = key.indexOf('/');
        const [resourceType, resourceId] = [key.slice(0, slash), key.slice(slash + 1)];
        const message = `Remediation failed ${failedAt.length} times.`;
        return excepted ? [{ ruleName: rule.name, resourceType, resourceId, message }] : [];
      }),
    deleteException: (rule, resource) =>
      byRule.get(rule.arn)?.attempts.delete(resourceKey(resource)) ?? false,
  };
};

const startExecution = (
  deps: RemediationDependencies,
  rule: Rule,
  ruleRemediation: RuleRemediation,
  resource: Resource,
  automatic: boolean,
): void => {
  const key = resourceKey(resource);
  const state = ruleRemediation.executions.get(key)?.state;
  // One execution per resource at a time.
  if (state === 'QUEUED' || state === 'IN_PROGRESS') return;
  const execution: RemediationExecution = {
    ...resource,
    invokedAt: deps.now(),
    automatic,
    state: 'QUEUED',
    updatedAt: deps.now(),
  };
  ruleRemediation.executions.set(key, execution);
  const { accountId } = rule.place;
  deps.work.start(`remediating ${resource.resourceId} for ${rule.name} in ${accountId}`, async () => {
    await execute(deps, rule, ruleRemediation, execution);
    if (automatic) countAttempt(deps, rule, ruleRemediation, execution);
  });
};

const execute = async (
  { runAutomation, now }: RemediationDependencies,
  rule: Rule,
  { configuration }: RuleRemediation,
  execution: RemediationExecution,
): Promise<void> => {
  const setState = (state: RemediationExecution['state'], failure?: string): void => {
    execution.state = state;
    execution.updatedAt = now();
    execution.failure = failure;
  };
  try {
    setState('IN_PROGRESS');
    const { status, failure } = await runAutomation(
      rule.place,
      { name: configuration.TargetId, version: configuration.TargetVersion },
      automationParameters(configuration, execution.resourceId),
      (executionId) => {
        execution.executionId = executionId;
      },
    );
    if (status === 'Success') setState('SUCCEEDED');
    else setState('FAILED', failure ?? `The automation ended as ${status}.`);
  } catch (error) {
    // The automation could not be started: AWS reports this as a failed remediation, too.
    setState('FAILED', error instanceof Error ? error.message : String(error));
  }
};

const countAttempt = (
  { now, events }: RemediationDependencies,
  rule: Rule,
  { configuration, attempts }: RuleRemediation,
  execution: RemediationExecution,
): void => {
  const key = resourceKey(execution);
  const before = attempts.get(key) ?? noAttempts;
  if (execution.state === 'SUCCEEDED') {
    attempts.set(key, afterSuccess(before));
    return;
  }
  const after = afterFailure(before, now(), {
    maximumAutomaticAttempts: configuration.MaximumAutomaticAttempts ?? DEFAULT_ATTEMPTS,
    retryAttemptSeconds: configuration.RetryAttemptSeconds ?? DEFAULT_WINDOW_SECONDS,
  });
  attempts.set(key, after);
  if (after.excepted && !before.excepted) {
    events.emit({
      type: 'RemediationExceptionAdded',
      place: rule.place,
      ruleName: rule.name,
      resourceId: execution.resourceId,
    });
  }
};
