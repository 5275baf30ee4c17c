import { ORDINARY_EVENTS } from './ordinary-events.ts';
import { eventsOf, recordedEvents, type Recorder, type SampleEvent } from './sample-event.ts';
import { matchesEvent } from './pattern/matches-event.ts';
import type { Expression } from './pattern/expression.ts';

/** The events of which an alarm must notify somebody. */
export interface AlarmedEvents {
  /** Each of these must raise the alarm. */
  readonly required: readonly SampleEvent[];
  /** None of these may, besides the ordinary ones. */
  readonly unwanted?: readonly SampleEvent[];
  /** The services of the events; `any`: a trail must leave out none. */
  readonly sources: readonly string[] | 'any';
  /** The pattern of the filter that a fix creates. */
  readonly pattern: string;
}

/**
 * Calls of one service that change something.
 * @param besides Calls that the benchmark's list lacks, which the filter of a fix matches as well
 */
export const changesIn = (
  source: string,
  names: readonly string[],
  { besides = [] }: { readonly besides?: readonly string[] } = {},
): AlarmedEvents => ({
  required: eventsOf(source, names),
  sources: [source],
  pattern: `{ ($.eventSource = "${source}") && (${[...names, ...besides].map((name) => `($.eventName = "${name}")`).join('||')}) }`,
});

export const labelsOf = ({ required }: AlarmedEvents): string[] => required.map(({ label }) => label);

/** What a filter does with the events. */
export interface Matches {
  /** The required events that it misses in some circumstance, by their labels. */
  readonly missed: string[];
  /** It matches a required event in some circumstance. */
  readonly some: boolean;
  /** The first event that it matches and must not. */
  readonly unwanted?: string;
}

export const matchesOf = (
  expression: Expression,
  { required, unwanted = [] }: AlarmedEvents,
  recorder: Recorder,
): Matches => {
  const found = required.map((event) => {
    const matched = recordedEvents(event, recorder).map((recorded) => matchesEvent(expression, recorded));
    return { label: event.label, all: !matched.includes(false), some: matched.includes(true) };
  });
  const noise = [...unwanted, ...ORDINARY_EVENTS].find((event) =>
    recordedEvents(event, recorder).some((recorded) => matchesEvent(expression, recorded)),
  );
  return {
    missed: [...new Set(found.filter(({ all }) => !all).map(({ label }) => label))],
    some: found.some(({ some }) => some),
    ...(noise && { unwanted: noise.label }),
  };
};
