import {
  compliant,
  firstOf,
  nonCompliant,
  notApplicable,
  shortened,
  type Verdict,
} from '@compliance/core/rule';
import { annotationOf, type Lacking } from '@compliance/trails';

import type { AlarmFacts, ChainOfTrail, Filter } from './alarm-facts.ts';
import { labelsOf, type AlarmedEvents } from './alarmed-events.ts';
import { problemsOf } from './judge-alarm.ts';
import type { Parameters } from './parameters.ts';
import { gapsOf, mayRecord } from './trail-link.ts';

/** What a verdict on a chain depends on, besides the facts. */
export interface Judging {
  readonly events: AlarmedEvents;
  /** `changes of route tables` */
  readonly what: string;
  /** The rule judges only the account in which the events happen. */
  readonly hereOnly: boolean;
  readonly accountId: string;
  readonly parameters: Parameters;
}

/**
 * One trail whose chain is whole is enough.
 * A member of an organization sees neither the log group of the organization's trail nor its alarms: the account that
 * owns the log group is judged instead.
 */
export const judgeChain = ({ trails }: AlarmFacts, judging: Judging): Verdict => {
  if (trails.some((trail) => lackingOf(trail, judging).length === 0)) return compliant();
  const elsewhere = trails.find((trail) => isElsewhere(trail, judging));
  if (elsewhere && !judging.hereOnly)
    return notApplicable(
      `Trail ${shortened(elsewhere.name)} of ${elsewhere.owner} records this account; its alarms are judged in account ${accountOf(elsewhere)}.`,
    );
  if (trails.length === 0)
    return nonCompliant(`No alarm reports ${judging.what}: no trail records the account.`);
  const near = trails.filter((trail) => mayRecord(trail, judging.events.sources));
  const lacking = (near.length > 0 ? near : trails).flatMap((trail) => lackingOf(trail, judging));
  return nonCompliant(annotationOf(`No alarm reports ${judging.what}`, lacking));
};

/** The trail whose log group can have the alarm: all before the filter is as it must be. */
export const hasLogGroup = (trail: ChainOfTrail, events: AlarmedEvents): boolean =>
  trail.filters !== undefined && trail.filters !== null && beforeFilter(trail, events).length === 0;

const accountOf = ({ logGroup, owner }: ChainOfTrail): string => logGroup?.accountId ?? owner;

const isElsewhere = (trail: ChainOfTrail, { accountId, events }: Judging): boolean =>
  accountOf(trail) !== accountId && mayRecord(trail, events.sources);

const lackingOf = (trail: ChainOfTrail, judging: Judging): Lacking[] => {
  const before = beforeFilter(trail, judging.events);
  const { filters, logGroup } = trail;
  const ofTrail = (shortcomings: Lacking['shortcomings']) => [{ name: `trail ${trail.name}`, shortcomings }];
  if (before.length > 0) return ofTrail(before);
  if (filters === null)
    return ofTrail([{ text: `delivers to log group ${logGroup?.name ?? ''}, which does not exist` }]);
  if (filters === undefined)
    return ofTrail([
      { text: `delivers to a log group of account ${accountOf(trail)}, which cannot be read here` },
    ]);
  return lackingOfFilters(filters, `log group ${logGroup?.name ?? ''}`, judging);
};

const beforeFilter = (trail: ChainOfTrail, { sources }: AlarmedEvents): Lacking['shortcomings'] => [
  ...gapsOf(trail, sources),
  ...(trail.logGroup === null ? [{ text: 'delivers to no log group' }] : []),
  ...(trail.logDeliveryError === undefined
    ? []
    : [{ text: `cannot deliver to its log group: ${shortened(trail.logDeliveryError, LONGEST)}` }]),
];

const LONGEST = 80;

/** Empty if each event raises some alarm; several filters may share the events. */
const lackingOfFilters = (filters: readonly Filter[], where: string, judging: Judging): Lacking[] => {
  const judged = filters
    .filter(isMeant)
    .map((filter) => ({ filter, problems: problemsOf(filter, judging.parameters) }));
  const matching = judged.map(({ filter }) => filter);
  const working = judged.filter(({ problems }) => problems.length === 0).map(({ filter }) => filter);
  const silent = missedByAll(labelsOf(judging.events), working);
  if (silent.length === 0) return [];
  const unmatched = missedByAll(silent, matching);
  const names = firstOf(unmatched);
  const nearest = matching
    .filter(({ unreadable }) => unreadable === undefined)
    .reduce<Filter | undefined>(
      (least, filter) => (least && least.missed.length <= filter.missed.length ? least : filter),
      undefined,
    );
  const lines = judged
    .map(({ filter, problems }) => ({
      name: `filter ${filter.name}`,
      readable: filter.unreadable === undefined,
      shortcomings: [
        ...(filter === nearest && unmatched.length > 0 ? [`misses ${names}`] : []),
        ...(silent.some((label) => !filter.missed.includes(label)) || filter.unreadable ? problems : []),
      ],
    }))
    .filter(({ shortcomings }) => shortcomings.length > 0)
    .map(({ shortcomings, ...line }) => ({ ...line, shortcomings: fitting(shortcomings) }))
    .toSorted((a, b) => Number(b.readable) - Number(a.readable));
  return nearest || unmatched.length === 0
    ? lines
    : [{ name: where, shortcomings: [{ text: `has no metric filter that matches ${names}` }] }, ...lines];
};

const missedByAll = (labels: readonly string[], filters: readonly Filter[]): string[] =>
  labels.filter((label) => filters.every(({ missed }) => missed.includes(label)));

/** A filter that counts unwanted events as well, without an alarm on them, is there for something else. */
const isMeant = ({ metrics }: Filter): boolean =>
  metrics.some(({ unwanted, alarms }) => unwanted === undefined || alarms.length > 0);

/** The first reasons, as many as an annotation has room for. */
const fitting = (reasons: readonly string[]): Lacking['shortcomings'] =>
  reasons
    .filter((_, index) => index === 0 || reasons.slice(0, index + 1).join(', ').length <= ROOM)
    .map((text) => ({ text }));

const ROOM = 165;
