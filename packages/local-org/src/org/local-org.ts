import type { Evaluation } from '../config/put-evaluations.ts';
import type { RemediationException } from '../config/remediation.ts';
import type { Rule } from '../config/rule.ts';
import type { Verdict } from '../config/verdicts.ts';
import type { Credentials } from '../iam/credentials.ts';
import type { Fault } from '../gateway/dispatch.ts';
import type { Gateway } from '../gateway/start-gateway.ts';
import type { Call } from '../protocol/call.ts';
import type { Execution } from '../ssm/executions.ts';
import type { FunctionLogLine, Invocation, InvocationFailure } from '../base/invocation.ts';
import type { KillOrder } from '../lambda/kill-switch.ts';
import type { OrganizationModel } from '../base/organization.ts';
import type { OrgEvent } from '../base/org-event.ts';
import type { Place } from '../base/place.ts';

/** A resource that a rule watches. */
export interface ResourceRef extends Place {
  readonly resourceType: string;
  /** Id or name. */
  readonly resourceId: string;
}

/** Which rules: all that match; a pack's rule also by its name in the template. */
export interface RuleFilter {
  readonly accountId?: string;
  readonly region?: string;
  readonly ruleName?: string;
}

/** A verdict with the rule it is of. */
export interface RuleVerdict extends Verdict, Place {
  readonly ruleName: string;
}

/** Any client class of the AWS SDK, as `client` builds it. */
type SdkClientClass<C> = new (configuration: {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: Credentials;
}) => C;

/** An AWS Organization on this machine. */
export interface LocalOrg {
  /** For `AWS_ENDPOINT_URL`. */
  readonly endpointUrl: string;
  readonly organization: OrganizationModel;
  readonly homeRegion: string;
  readonly regions: readonly string[];
  /** Root-like credentials of one account. */
  readonly credentials: (accountId: string) => Credentials;
  /** A client with these credentials; in the home Region unless told otherwise. */
  readonly client: <C>(clientClass: SdkClientClass<C>, accountId: string, region?: string) => C;
  /** Resolves when nothing is under way any more. @throws naming what hangs, or what failed in the background */
  readonly settled: (options?: { readonly withinMs?: number }) => Promise<void>;
  /** Returns the function that ends listening. */
  readonly on: (listener: (event: OrgEvent) => void) => () => void;

  /** The scheduled notification of every periodic rule that matches. */
  readonly sendScheduled: (filter?: RuleFilter) => void;
  /** The last item of a resource again, as one too large to be sent. */
  readonly sendOversized: (resource: ResourceRef) => void;
  /** A deletion notice, whether or not the resource was deleted. */
  readonly sendDeleted: (resource: ResourceRef) => void;
  /** The last item again, out of the scope of its rules. */
  readonly sendLeftScope: (resource: ResourceRef) => void;
  /** Any event to any function, as AWS Config: asynchronously. */
  readonly sendRaw: (functionArn: string, event: unknown) => void;
  /** AWS Config looks at its stored verdicts again and remediates what is NON_COMPLIANT, however old the verdict. */
  readonly remediateAgain: (filter?: RuleFilter) => void;

  readonly rules: (filter?: RuleFilter) => readonly Rule[];
  readonly verdicts: (filter?: RuleFilter) => readonly RuleVerdict[];
  readonly remediationExceptions: (filter?: RuleFilter) => readonly (RemediationException & Place)[];
  readonly automations: (place: Place) => readonly Execution[];
  /** Runs of functions, oldest first. */
  readonly invocations: () => readonly Invocation[];
  /** Asynchronous invocations that Lambda gave up on. */
  readonly failures: () => readonly InvocationFailure[];
  readonly logs: () => readonly FunctionLogLine[];
  readonly calls: Gateway['calls'];

  /** Evaluations for which this holds come back in FailedEvaluations, from now on. */
  readonly failEvaluations: (predicate: (evaluation: Evaluation, rule: Rule) => boolean) => void;
  /** Spoils calls, from now on; `undefined` lets a call pass. */
  readonly faults: (fault: (call: Call) => Fault | undefined) => void;
  /** Ends a function's process before it makes a certain call. */
  readonly killBefore: (order: KillOrder) => void;
  readonly ageAccessKey: Gateway['ageAccessKey'];
  readonly amendCredentialReport: Gateway['amendCredentialReport'];
  readonly stop: () => Promise<void>;
}
