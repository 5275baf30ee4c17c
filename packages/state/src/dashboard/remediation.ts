import { OUTCOMES, type Outcome, type Remediation } from '@compliance/dashboard-data';

import { fromKeptField } from '../base/field.ts';
import type { StoryEntry } from '../events/story-line.ts';
import { stateLetter, type Row } from '../snapshot/row.ts';
import { createFirst } from './create-first.ts';
import type { ResourceStory } from './stories.ts';
import { toSeconds, type Texts } from './texts.ts';

const RECENT = 1000;
const FLAPPING = 1000;

interface Done {
  readonly time: number;
  readonly rule: number;
  readonly account: number;
  readonly resource: string;
  readonly region: string;
  readonly outcome: Outcome;
  readonly entry: StoryEntry;
  /** Who approved it or asked for it. */
  readonly actor: string | undefined;
  readonly owner: string | undefined;
}

interface Place {
  readonly account: number;
  readonly rule: number;
  readonly region: string;
}

/** Collects what became of fixes since a time, from the stories of resources. */
export const createRemediation = (rules: number, since: number) => {
  const column = () => Array.from({ length: rules }, () => 0);
  const byRule = {
    fixed: column(),
    applied: column(),
    failed: column(),
    undone: column(),
    flapping: column(),
    limited: column(),
    waiting: column(),
  };
  const recent = createFirst<Done>(RECENT, newestFirst);
  const flapping = createFirst<Place & { resource: string; times: number; changedBy: string | undefined }>(
    FLAPPING,
    (a, b) =>
      b.times - a.times || a.account - b.account || a.rule - b.rule || (a.resource < b.resource ? -1 : 1),
  );
  let total = 0;

  return {
    /** Returns what was done since the time. */
    add: (place: Place, story: ResourceStory, row: Row | undefined): readonly Done[] => {
      const resource = fromKeptField(story.resource.slice(story.resource.indexOf('\t') + 1));
      const done = doneSince(since, { place, story, resource, row });
      for (const one of done) {
        recent.add(one);
        if (one.outcome !== 'undo-failed') add(byRule[one.outcome], place.rule);
      }
      total += done.length;
      if (row && isWaiting(story, row)) add(byRule.waiting, place.rule);
      const reverted = story.entries.findLast(({ time, entry }) => time >= since && isReverted(entry));
      if (reverted) {
        add(byRule.flapping, place.rule);
        const times = done.filter(({ outcome }) => outcome === 'fixed').length;
        flapping.add({ ...place, resource, times, changedBy: reverted.entry.changedBy });
      }
      return done;
    },

    result: (texts: Texts): Remediation => {
      const all = recent.all();
      const flaps = flapping.all();
      return {
        since: toSeconds(since),
        byRule,
        recent: {
          time: all.map(({ time }) => toSeconds(time)),
          rule: all.map(({ rule }) => rule),
          account: all.map(({ account }) => account),
          resource: all.map(({ resource }) => resource),
          region: all.map(({ region }) => texts.indexOf(region)),
          outcome: all.map(({ outcome }) => OUTCOMES.indexOf(outcome)),
          text: all.map(({ entry }) => texts.indexOf(textOf(entry))),
          actor: all.map(({ actor }) => texts.optional(actor)),
          owner: all.map(({ owner }) => texts.optional(owner)),
          change: all.map(({ entry }) => texts.optional(entry.changeId)),
        },
        total,
        flapping: {
          rule: flaps.map(({ rule }) => rule),
          account: flaps.map(({ account }) => account),
          resource: flaps.map(({ resource }) => resource),
          times: flaps.map(({ times }) => times),
          changedBy: flaps.map(({ changedBy }) => texts.optional(changedBy)),
        },
      };
    },
  };
};

const add = (column: number[], row: number): void => {
  column[row] = (column[row] ?? 0) + 1;
};

const newestFirst = (a: Done, b: Done): number =>
  b.time - a.time || a.account - b.account || a.rule - b.rule || (a.resource < b.resource ? -1 : 1);

const doneSince = (
  since: number,
  {
    place,
    story,
    resource,
    row,
  }: { place: Place; story: ResourceStory; resource: string; row: Row | undefined },
): readonly Done[] => {
  let approver: string | undefined;
  return story.entries.flatMap(({ time, entry }): readonly Done[] => {
    if (entry.outcome === 'approved') approver = entry.actor;
    const outcome = outcomeOf(entry);
    if (outcome === undefined || time < since) return [];
    const asked = entry.type === 'remediation-finished' ? (approver ?? entry.actor) : entry.actor;
    const owner = entry.owner ?? row?.owner;
    return [{ ...place, time, resource, outcome, entry, actor: asked, owner }];
  });
};

const outcomeOf = ({ type, outcome, blockedBy }: StoryEntry): Outcome | undefined => {
  if (type === 'change-undone')
    return outcome === 'undone' ? 'undone' : outcome === 'failed' ? 'undo-failed' : undefined;
  if (type !== 'remediation-finished') return undefined;
  if (outcome === 'fixed' || outcome === 'applied' || outcome === 'failed') return outcome;
  return outcome === 'planned' && isLimited(blockedBy) ? 'limited' : undefined;
};

/** Whether the fix is made later without a person. */
const isLimited = (blockedBy: StoryEntry['blockedBy']): boolean =>
  blockedBy === 'limit' || blockedBy === 'circuit';

// Older events name only who reverts the fix.
const isReverted = ({ changedBy, blockedBy }: StoryEntry): boolean =>
  blockedBy === 'flapping' || changedBy !== undefined;

/** Whether a person must decide about the newest plan of a violation. */
const isWaiting = ({ entries }: ResourceStory, row: Row): boolean => {
  const last = entries.at(-1)?.entry;
  if (stateLetter(row) !== 'v' || !last) return false;
  return last.type === 'plan-created'
    ? last.waits === true
    : last.outcome === 'planned' && !isLimited(last.blockedBy);
};

/** What a fix changed, or why it was not made. */
const textOf = ({ steps, reason = '' }: StoryEntry): string =>
  steps.find(({ step }) => step === 'verified')?.text || reason;
