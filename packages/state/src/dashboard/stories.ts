import type { Story } from '@compliance/dashboard-data';

import { fromField } from '../base/field.ts';
import { parseStoryLine, type StoryEntry } from '../events/story-line.ts';
import { parseHistory } from '../merge/apply-mark.ts';
import { verdictLetter, type Row } from '../snapshot/row.ts';
import { toSeconds } from './texts.ts';

/** What was planned, decided and done for a resource under a rule, and its row if it has one. */
export interface ResourceStory {
  /** Type and id, as fields. */
  readonly resource: string;
  readonly entries: readonly TimedEntry[];
}

interface TimedEntry {
  readonly time: number;
  readonly entry: StoryEntry;
}

/** Groups the sorted lines of an account's stories: by place, then by resource. */
export const groupStories = (
  lines: readonly string[],
): ReadonlyMap<string, ReadonlyMap<string, ResourceStory>> => {
  const places = new Map<string, Map<string, { resource: string; entries: TimedEntry[] }>>();
  for (const line of lines) {
    const { place, resource, time, entry } = parseStoryLine(line);
    const ofPlace = places.get(place) ?? new Map<string, { resource: string; entries: TimedEntry[] }>();
    places.set(place, ofPlace);
    const story = ofPlace.get(resource) ?? { resource, entries: [] };
    ofPlace.set(resource, story);
    story.entries.push({ time, entry });
  }
  return places;
};

/** The story that is shown: verdicts and what was done, in the order of time. Of verdicts of the past, the words are lost. */
export const storyOf = (
  place: { readonly rule: number; readonly region: string },
  { resource, entries }: ResourceStory,
  row: Row | undefined,
): Story => {
  const [type = '', id = ''] = resource.split('\t').map(fromField);
  const named = entries.findLast(({ entry }) => entry.owner !== undefined)?.entry;
  const [name, owner] = [row?.name ?? entries.at(-1)?.entry.name, row?.owner ?? named?.owner];
  const found = entries.find(({ entry }) => entry.found !== undefined)?.entry.found ?? '';
  const steps = [
    ...(row ? verdictSteps(row, found) : []),
    ...entries.flatMap(({ time, entry }) => entrySteps(time, entry)),
  ];
  return {
    rule: place.rule,
    resource: id,
    ...(name !== undefined && { name }),
    type,
    region: place.region,
    ...(owner !== undefined && { owner }),
    // A verdict leads to a plan of the same second.
    steps: steps.toSorted((a, b) => a.time - b.time),
  };
};

type Step = Story['steps'][number];

const STEP_OF: Readonly<Record<string, Step['step']>> = {
  c: 'compliant',
  v: 'found',
  x: 'exempt',
  e: 'found',
  g: 'not-applicable',
};

const verdictSteps = (row: Row, found: string): readonly Step[] => {
  const now = { letter: verdictLetter(row.verdict), since: row.since };
  const history = row.history?.map(parseHistory) ?? (row.verdict === 'none' ? [] : [now]);
  const steps = history.map(({ letter, since }, index): Step => {
    const step = STEP_OF[letter] ?? 'not-judged';
    const isNow = index === history.length - 1;
    return {
      time: toSeconds(since),
      step,
      text: isNow ? (row.annotation ?? '') : step === 'found' ? found : '',
    };
  });
  const { failed } = row;
  return failed
    ? [...steps, { time: toSeconds(failed.since), step: 'not-judged', text: failed.message }]
    : steps;
};

const entrySteps = (time: number, { steps, facts, factsBefore }: StoryEntry): readonly Step[] =>
  steps.map(({ calls, ...step }, index) => ({
    time: toSeconds(time),
    ...step,
    ...(calls && { calls: [...calls] }),
    ...(index === 0 && facts !== undefined && { facts }),
    ...(index === 0 && factsBefore !== undefined && { factsBefore }),
  }));
