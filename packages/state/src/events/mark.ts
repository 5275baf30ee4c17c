import { ACCOUNT_TYPE, type AuditEvent, type Resource } from '@compliance/core';

import { fromField, toField } from '../base/field.ts';
import { millisecondsOf, sortableTime } from '../base/times.ts';
import { namedOf, type Named } from './named.ts';

/** What an event says about the state, in short names: millions are sorted. */
export type Mark = VerdictMark | FailureMark | SweepMark | LeftMark;

interface Occurred {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly id: string;
}

export type Verdict = 'compliant' | 'violating' | 'exempt' | 'excluded' | 'gone';

export interface VerdictMark extends Occurred, Named {
  readonly kind: 'verdict';
  readonly verdict: Verdict;
  readonly orderingTime: number;
  readonly annotation?: string;
  readonly exemption?: string;
  readonly excluded?: string;
}

export interface FailureMark extends Occurred, Named {
  readonly kind: 'failure';
  readonly message: string;
}

export interface SweepMark extends Occurred {
  readonly kind: 'sweep';
  readonly orderingTime: number;
  readonly compliant: number;
  readonly nonCompliant: number;
  /** Absent in older events. */
  readonly exempt?: number;
  readonly excluded?: number;
  readonly failed: number;
  /** Whether it judged again everything that failed before it, or published it as failed again. */
  readonly resolves: boolean;
}

/** The account is in the settings no more. */
export interface LeftMark extends Occurred {
  readonly kind: 'left';
}

/**
 * The line of an event: account, rule, Region, resource type, resource id, time, event id, mark.
 * Sorted lines are in the order of the snapshot, and in the order of time within a resource. What is about a whole
 * account or a whole place comes before its resources. `undefined`: the event changes no state.
 */
export const markLineOf = (event: AuditEvent): string | undefined => {
  const mark = markOf(event);
  if (!mark || event.accountId === undefined) return undefined;
  if (mark.kind === 'left') return lineOf([event.accountId, '', '', '', ''], mark);
  const { accountId, command, region } = event;
  if (command === undefined || region === undefined) return undefined;
  const { resourceType, resourceId } = resourceOf(event, accountId);
  return lineOf([accountId, command, region, resourceType, resourceId], mark);
};

// A listing that failed is about every resource: it stands under the account until a sweep succeeds.
const resourceOf = ({ type, resource }: AuditEvent, accountId: string): Resource =>
  resource ??
  (type === 'evaluation-failed'
    ? { resourceType: ACCOUNT_TYPE, resourceId: accountId }
    : { resourceType: '', resourceId: '' });

const lineOf = (subject: readonly string[], { time, id, ...mark }: Mark): string =>
  [...subject.map(toField), sortableTime(time), toField(id), JSON.stringify(mark)].join('\t');

const markOf = (event: AuditEvent): Mark | undefined => {
  const occurred = { time: millisecondsOf(event.time), id: event.id };
  switch (event.type) {
    case 'resource-evaluated':
      if (!event.resource) return undefined;
      return {
        kind: 'verdict',
        ...occurred,
        verdict: verdictOf(event),
        orderingTime: millisecondsOf(event.orderingTime),
        ...namedOf(event),
        ...(event.annotation !== undefined && { annotation: event.annotation }),
        ...(event.exemption !== undefined && { exemption: event.exemption }),
        ...(event.excluded !== undefined && { excluded: event.excluded }),
      };
    case 'evaluation-failed':
      if (!isAboutVerdicts(event)) return undefined;
      return { kind: 'failure', ...occurred, message: event.error.message, ...namedOf(event) };
    case 'sweep-completed': {
      const { compliant, nonCompliant, exempt, excluded, failed } = event.counts;
      return {
        kind: 'sweep',
        ...occurred,
        orderingTime: millisecondsOf(event.orderingTime),
        compliant,
        nonCompliant,
        ...(exempt !== undefined && { exempt }),
        ...(excluded !== undefined && { excluded }),
        failed,
        // A failure of schema 1 has one id a day: the one of this sweep may be left out as a repetition.
        resolves: failed === 0 || event.schemaVersion > 1,
      };
    }
    case 'account-left':
      return { kind: 'left', ...occurred };
    case 'event-ignored':
    case 'plan-created':
    case 'plan-decided':
    case 'remediation-finished':
    case 'change-undone':
    case 'settings-changed':
    case 'exemptions-changed':
    case 'account-joined':
    case 'rule-deployed':
    case 'sweep-missed':
      return undefined;
    default:
      throw new Error(`Unknown audit event ${JSON.stringify(event satisfies never)}`);
  }
};

/** Unreadable exemptions stop fixes, not verdicts; a call of an account that is not ours says nothing about ours. */
const isAboutVerdicts = ({ trigger, error }: Extract<AuditEvent, { type: 'evaluation-failed' }>): boolean =>
  !trigger.endsWith(': exemptions') &&
  !['foreign-account', 'inconsistent-account', 'unknown-command'].includes(error.code);

const verdictOf = ({
  complianceType,
  exemption,
  excluded,
}: Extract<AuditEvent, { type: 'resource-evaluated' }>): Verdict => {
  switch (complianceType) {
    case 'COMPLIANT':
      return 'compliant';
    case 'NON_COMPLIANT':
      return excluded === undefined ? 'violating' : 'excluded';
    case 'NOT_APPLICABLE':
      // Without an exemption: gone, out of scope, or the rule is off.
      return exemption === undefined ? 'gone' : 'exempt';
    default:
      throw new Error(`Unknown verdict ${String(complianceType satisfies never)}`);
  }
};

/** A line of marks without its place. */
export interface MarkLine {
  /** Type and id, as in the snapshot. */
  readonly resource: string;
  readonly mark: Mark;
}

export const parseMarkLine = (line: string): MarkLine => {
  const [, , , type, resourceId, time, id = '', mark = ''] = line.split('\t');
  return {
    resource: `${type}\t${resourceId}`,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `markLineOf` wrote it, into a folder of this process.
    mark: { ...(JSON.parse(mark) as Mark), time: Number(time), id: fromField(id) },
  };
};
