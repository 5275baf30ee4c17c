import type { FunctionLogLine, Invocation, InvocationFailure } from '../base/invocation.ts';
import type { OrgEvent } from '../base/org-event.ts';
import type { OrganizationModel } from '../base/organization.ts';
import type { Place } from '../base/place.ts';
import type { Evaluation } from '../config/put-evaluations.ts';
import type { RemediationException } from '../config/remediation.ts';
import type { Rule } from '../config/rule.ts';
import type { Verdict } from '../config/verdicts.ts';
import type { Fault } from '../gateway/dispatch.ts';
import type { Gateway } from '../gateway/start-gateway.ts';
import type { Credentials } from '../iam/credentials.ts';
import type { KillOrder } from '../lambda/kill-switch.ts';
import type { Call } from '../protocol/call.ts';
import type { Execution } from '../ssm/executions.ts';

/** A resource that a rule evaluates. */
export interface ResourceRef extends Place {
  readonly resourceType: string;
  /** The id or the name. */
  readonly resourceId: string;
}

/** Selects rules; `ruleName` is the full name, or for a rule of a pack its name in the template. */
export interface RuleFilter {
  readonly accountId?: string;
  readonly region?: string;
  readonly ruleName?: string;
}

/** A verdict with its rule, account and Region. */
export interface RuleVerdict extends Verdict, Place {
  readonly ruleName: string;
}

/** Any client class of the AWS SDK. */
type SdkClientClass<C> = new (configuration: {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: Credentials;
}) => C;

/** An AWS Organization on this machine. */
export interface LocalOrg {
  /** The value for `AWS_ENDPOINT_URL`. */
  readonly endpointUrl: string;
  readonly organization: OrganizationModel;
  readonly homeRegion: string;
  readonly regions: readonly string[];
  /** Credentials of an account's root user. */
  readonly credentials: (accountId: string) => Credentials;
  /** A client with these credentials; by default in the home Region. */
  readonly client: <C>(clientClass: SdkClientClass<C>, accountId: string, region?: string) => C;
  /** Resolves when nothing runs any more. @throws {Error} naming what still runs, or what failed in the background */
  readonly whenIdle: (options?: { readonly withinMs?: number }) => Promise<void>;
  /** Adds a listener; returns the function that removes it. */
  readonly on: (listener: (event: OrgEvent) => void) => () => void;

  /** Sends the scheduled notification to every periodic rule that matches. */
  readonly sendScheduled: (filter?: RuleFilter) => void;
  /** Sends the last item of a resource again, as an oversized one. */
  readonly sendOversized: (resource: ResourceRef) => void;
  /** Sends a deletion notification, whether or not the resource was deleted. */
  readonly sendDeleted: (resource: ResourceRef) => void;
  /** Sends the last item again, with eventLeftScope. */
  readonly sendLeftScope: (resource: ResourceRef) => void;
  /** Invokes a function asynchronously with any event, like AWS Config. */
  readonly sendRaw: (functionArn: string, event: unknown) => void;
  /** Starts automatic remediations for all stored NON_COMPLIANT verdicts, however old. */
  readonly remediateAgain: (filter?: RuleFilter) => void;

  readonly rules: (filter?: RuleFilter) => readonly Rule[];
  readonly verdicts: (filter?: RuleFilter) => readonly RuleVerdict[];
  readonly remediationExceptions: (filter?: RuleFilter) => readonly (RemediationException & Place)[];
  readonly automations: (place: Place) => readonly Execution[];
  /** Invocations of functions, oldest first. */
  readonly invocations: () => readonly Invocation[];
  /** Asynchronous invocations whose attempts all failed. */
  readonly failures: () => readonly InvocationFailure[];
  readonly logs: () => readonly FunctionLogLine[];
  readonly calls: Gateway['calls'];

  /** From now on, returns matching evaluations in FailedEvaluations. */
  readonly failEvaluations: (predicate: (evaluation: Evaluation, rule: Rule) => boolean) => void;
  /** From now on, injects faults into calls; `undefined` lets a call pass. */
  readonly faults: (fault: (call: Call) => Fault | undefined) => void;
  /** Kills a function's process before it makes a certain call. */
  readonly killBefore: (order: KillOrder) => void;
  readonly ageAccessKey: Gateway['ageAccessKey'];
  readonly amendCredentialReport: Gateway['amendCredentialReport'];
  readonly stop: () => Promise<void>;
}
