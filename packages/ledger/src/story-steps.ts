import { actorOf, defined, describeDelta, differenceOf, type AuditEvent } from '@compliance/core';
import * as z from 'zod';

import type { EventOf } from './event-of.ts';

/** One step of a finding's story. */
export interface StoryStep {
  /** ISO 8601 */
  readonly time: string;
  readonly step: StepName;
  /** What was found, planned, changed; or the reason of a decision. */
  readonly text: string;
  /** Who asked for it, if anybody did. */
  readonly actor?: string;
  readonly planId?: string;
  readonly changeId?: string;
  /** The calls and edits that were made, with their outcomes. */
  readonly calls?: readonly string[];
  readonly eventId: string;
}

type StepName =
  | 'found'
  | 'compliant'
  | 'exempt'
  | 'not-applicable'
  | 'not-judged'
  | 'planned'
  | 'approved'
  | 'rejected'
  | 'superseded'
  | 'applied'
  | 'verified'
  | 'failed'
  | 'waiting'
  | 'skipped'
  | 'manual'
  | 'refused'
  | 'undone'
  | 'undo-failed'
  | 'undo-refused';

/** The story of a finding in steps. A verdict that only repeats the one before is left out. */
export const storySteps = (events: readonly AuditEvent[]): readonly StoryStep[] => {
  let lastVerdict = '';
  return events.flatMap((event) => {
    if (event.type === 'resource-evaluated') {
      const verdict = [event.complianceType, event.annotation, event.exemption, event.excluded].join('|');
      if (verdict === lastVerdict) return [];
      lastVerdict = verdict;
    }
    const actor = actorOf(event);
    return stepsOf(event).map((step) => ({
      time: event.time,
      ...step,
      ...defined({ actor }),
      eventId: event.id,
    }));
  });
};

type OwnStep = Omit<StoryStep, 'time' | 'actor' | 'eventId'>;

const stepsOf = (event: AuditEvent): readonly OwnStep[] => {
  switch (event.type) {
    case 'resource-evaluated':
      return [verdictStep(event)];
    case 'evaluation-failed':
      return [{ step: 'not-judged', text: event.error.message }];
    case 'plan-created':
      return [
        {
          step: 'planned',
          text: `${event.plan.description} (${event.plan.risk})${event.withheld === undefined ? '' : `. Not applied by itself: ${event.withheld}`}`,
          planId: event.plan.id,
        },
      ];
    case 'plan-decided':
      return [{ step: event.decision, text: event.reason ?? '', planId: event.planId }];
    case 'remediation-finished':
      return remediationSteps(event);
    case 'change-undone':
      return [{ step: UNDO_STEPS[event.outcome], text: event.reason, changeId: event.changeId }];
    case 'sweep-completed':
    case 'event-ignored':
    case 'settings-changed':
    case 'exemptions-changed':
    case 'account-joined':
    case 'account-left':
    case 'rule-deployed':
    case 'sweep-missed':
      return [];
    default:
      throw new Error(`Unknown audit event ${JSON.stringify(event satisfies never)}`);
  }
};

const verdictStep = (event: EventOf<'resource-evaluated'>): OwnStep => {
  const { complianceType, annotation = '', exemption, excluded } = event;
  if (exemption !== undefined) return { step: 'exempt', text: annotation || `Exempt by ${exemption}.` };
  switch (complianceType) {
    case 'COMPLIANT':
      return { step: 'compliant', text: annotation };
    case 'NOT_APPLICABLE':
      return { step: 'not-applicable', text: annotation };
    case 'NON_COMPLIANT':
      return {
        step: 'found',
        text:
          excluded === undefined
            ? annotation
            : `${annotation} AWS or the landing zone owns it (${excluded}).`,
      };
    default:
      throw new Error(`Unknown verdict ${String(complianceType satisfies never)}`);
  }
};

const UNDO_STEPS = {
  undone: 'undone',
  failed: 'undo-failed',
  refused: 'undo-refused',
} as const satisfies Record<EventOf<'change-undone'>['outcome'], StepName>;

const remediationSteps = (event: EventOf<'remediation-finished'>): readonly OwnStep[] => {
  const { outcome, reason, planId, changeId, steps } = event;
  const made = { ...defined({ planId, changeId }), ...(steps && { calls: steps.map(describeStep) }) };
  switch (outcome) {
    case 'fixed':
      return [
        { step: 'applied', text: reason, ...made },
        { step: 'verified', text: factsInWords(event), ...defined({ changeId }) },
      ];
    case 'applied':
      return [
        { step: 'applied', text: `${reason} It takes effect later, and is not verified yet.`, ...made },
      ];
    case 'failed':
      return [{ step: 'failed', text: reason, ...made }];
    case 'planned':
      return [{ step: 'waiting', text: reason, ...made }];
    case 'skipped':
      return [{ step: 'skipped', text: reason, ...made }];
    case 'human':
      return [{ step: 'manual', text: reason, ...made }];
    case 'refused':
      return [{ step: 'refused', text: reason, ...made }];
    default:
      throw new Error(`Unknown outcome ${String(outcome satisfies never)}`);
  }
};

type Facts = Pick<EventOf<'remediation-finished'>, 'factsBefore' | 'factsAfter'>;

/** What the fix changed, in words: `status: "Off" → "Enabled"`. Empty when the facts before or after are not known. */
export const factsInWords = ({ factsBefore, factsAfter }: Facts): string =>
  factsBefore === undefined || factsAfter === undefined
    ? ''
    : differenceOf(factsBefore, factsAfter).map(describeDelta).join('; ');

const Call = z.looseObject({ operation: z.string(), input: z.unknown() });
const Edit = z.looseObject({ document: z.string() });
const Outcome = z.looseObject({ type: z.string(), error: z.string().optional() });

/** `s3:PutBucketVersioning {"Bucket":"logs"} (done)` */
export const describeStep = ({
  intent,
  outcome,
}: NonNullable<EventOf<'remediation-finished'>['steps']>[number]): string => {
  const call = Call.safeParse(intent).data;
  const edit = Edit.safeParse(intent).data;
  const what = call
    ? `${call.operation} ${JSON.stringify(call.input)}`
    : edit
      ? `edit of ${edit.document}`
      : JSON.stringify(intent);
  const { type, error } = Outcome.safeParse(outcome).data ?? { type: 'outcome unknown' };
  return `${what} (${error === undefined ? type : `${type}: ${error}`})`;
};
