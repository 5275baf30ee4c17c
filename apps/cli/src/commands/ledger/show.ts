import { oneLine } from '@compliance/core/printable';
import { findStories, storySteps, type Story, type StoryStep, type StoryTarget } from '@compliance/ledger';

import { UsageError } from '../../output/exit-codes.ts';
import { printJsonArray, printLines } from '../../output/print-list.ts';
import { readLastDays, type ReadFlags } from './read.ts';

export type ShowFlags = ReadFlags;

export const showStories = async (id: string, flags: ShowFlags): Promise<void> => {
  const target = targetOf(id);
  const stories = await readLastDays(flags, (ledger, lastDays) => findStories(ledger, target, lastDays));
  if (stories.length === 0)
    throw new UsageError(
      `Nothing about ${id} in the last ${flags.days} days of the ledger. Use --days to read older ones.`,
    );
  if (flags.json) printJsonArray(stories.map(storyAsJson));
  else printLines(stories, describeStory);
};

const targetOf = (id: string): StoryTarget => {
  if (/^change-[0-9a-f]{16}$/.test(id)) return { changeId: id };
  if (/^plan-[0-9a-f]{16}$/.test(id)) return { planId: id };
  if (/^arn:[a-z-]+:/.test(id)) return { arn: id };
  throw new UsageError(
    `Not a change, a plan or an ARN: '${id}'. Expected change-…, plan-… or arn:aws:s3:::application-logs.`,
  );
};

/** The last event that names the owner: a resource's tag may have changed. */
const ownerOf = ({ events }: Story) => events.findLast(({ owner }) => owner !== undefined)?.owner;

const storyAsJson = (story: Story) => {
  const { command, accountId, region, resource, events } = story;
  return { command, accountId, region, resource, owner: ownerOf(story), steps: storySteps(events) };
};

/** Formats a story for a terminal: one line a step, with the calls below. */
const describeStory = (story: Story): string => {
  const { command, accountId, region, resource, events } = story;
  const owner = ownerOf(story);
  return [
    oneLine(
      `${command}: ${resource.resourceType} ${resource.resourceName ?? resource.resourceId} in ${accountId} ${region}`,
    ),
    ...(owner === undefined ? [] : [oneLine(`  Owner: ${owner}`)]),
    ...storySteps(events).flatMap(describeStep),
    '',
    '',
  ].join('\n');
};

const describeStep = ({ time, step, text, actor, planId, changeId, calls = [] }: StoryStep) => {
  const ids = [planId, changeId].filter((id) => id !== undefined).join(', ');
  const parts = [text, ...(actor === undefined ? [] : [`by ${actor}`]), ...(ids === '' ? [] : [`[${ids}]`])];
  const when = `${time.slice(0, 19).replace('T', ' ')}Z`;
  return [
    oneLine(`  ${when}  ${step.padEnd(14)}  ${parts.filter((part) => part !== '').join('  ')}`).trimEnd(),
    ...calls.map((call) => oneLine(`      ${call}`)),
  ];
};
