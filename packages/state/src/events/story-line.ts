import { actorOf, defined, type AuditEvent, type BlockedBy } from '@compliance/core';
import { storySteps, type StoryStep } from '@compliance/ledger';

import { toField } from '../base/field.ts';
import { millisecondsOf, sortableTime } from '../base/times.ts';
import { namedOf, type Named } from './named.ts';

/** What was planned, decided or done for a resource, as one event tells it. */
export interface StoryEntry extends Named {
  readonly type: 'plan-created' | 'plan-decided' | 'remediation-finished' | 'change-undone';
  readonly steps: readonly Omit<StoryStep, 'eventId' | 'time'>[];
  readonly planId?: string;
  readonly changeId?: string;
  readonly actor?: string;
  /** The decision or the outcome. */
  readonly outcome?: string;
  readonly reason?: string;
  /** What was found, when a plan was made for it. */
  readonly found?: string;
  /** Whether a plan waits for a person. */
  readonly waits?: true;
  /** What held the fix back, when it was not a decision of people. */
  readonly blockedBy?: BlockedBy;
  /** Who keeps reverting the fix, when known. */
  readonly changedBy?: string;
  readonly factsBefore?: unknown;
  readonly facts?: unknown;
}

/** The line of a story: account, rule, Region, resource type, resource id, time, event id, entry. */
export const storyLineOf = (event: AuditEvent): string | undefined => {
  const entry = entryOf(event);
  const { accountId, command, region, resource } = event;
  if (!entry || accountId === undefined || command === undefined || region === undefined || !resource)
    return undefined;
  const subject = [accountId, command, region, resource.resourceType, resource.resourceId].map(toField);
  const time = sortableTime(millisecondsOf(event.time));
  return [...subject, `${time}${RANKS[entry.type]}`, toField(event.id), JSON.stringify(entry)].join('\t');
};

// One function writes a plan and what became of it in the same millisecond.
const RANKS = {
  'plan-created': 1,
  'plan-decided': 2,
  'remediation-finished': 3,
  'change-undone': 4,
} as const;

const entryOf = (event: AuditEvent): StoryEntry | undefined => {
  const actor = actorOf(event);
  const steps = () => storySteps([event]).map(withoutId);
  const common = () => ({ ...namedOf(event), steps: steps(), ...defined({ actor }) });
  switch (event.type) {
    case 'plan-created': {
      const { plan, withheld, blockedBy, changedBy } = event;
      return {
        type: event.type,
        ...common(),
        planId: plan.id,
        found: plan.annotation,
        facts: plan.facts,
        ...(withheld !== undefined && { reason: withheld, waits: true as const }),
        ...defined({ blockedBy, changedBy: changedBy?.principal }),
      };
    }
    case 'plan-decided':
      return {
        type: event.type,
        ...common(),
        planId: event.planId,
        outcome: event.decision,
        ...defined({ reason: event.reason }),
      };
    case 'remediation-finished': {
      const { outcome, reason, planId, changeId, factsBefore, factsAfter: facts } = event;
      const { blockedBy, changedBy } = event;
      return {
        type: event.type,
        ...common(),
        outcome,
        reason,
        ...defined({ planId, changeId, factsBefore, facts, blockedBy, changedBy: changedBy?.principal }),
      };
    }
    case 'change-undone': {
      const { outcome, reason, changeId, factsBefore, factsAfter: facts } = event;
      return { type: event.type, ...common(), outcome, reason, changeId, ...defined({ factsBefore, facts }) };
    }
    case 'resource-evaluated':
    case 'evaluation-failed':
    case 'sweep-completed':
    case 'event-ignored':
    case 'settings-changed':
    case 'exemptions-changed':
    case 'account-joined':
    case 'account-left':
    case 'rule-deployed':
    case 'sweep-missed':
      return undefined;
    default:
      throw new Error(`Unknown audit event ${JSON.stringify(event satisfies never)}`);
  }
};

const withoutId = ({ eventId: _eventId, time: _time, ...step }: StoryStep): StoryEntry['steps'][number] =>
  step;

interface StoryLine {
  /** Account, rule, Region. */
  readonly place: string;
  /** Type and id, as in the snapshot. */
  readonly resource: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly entry: StoryEntry;
}

export const parseStoryLine = (line: string): StoryLine => {
  const [account, rule, region, type, resourceId, time, , entry = ''] = line.split('\t');
  return {
    place: `${account}\t${rule}\t${region}`,
    resource: `${type}\t${resourceId}`,
    time: timeIn(time),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `storyLineOf` wrote it, and its file has the digest that was written.
    entry: JSON.parse(entry) as StoryEntry,
  };
};

/** The fields that identify an event: sorted lines of one event have them in common. */
export const storyEventOf = (line: string): string => line.slice(0, line.lastIndexOf('\t'));

/** Milliseconds since 1970. */
export const storyTimeOf = (line: string): number => timeIn(line.split('\t', 6)[5]);

const timeIn = (field = ''): number => Number(field.slice(0, -1));
