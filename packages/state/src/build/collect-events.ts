import { join } from 'node:path';

import type { AuditEvent } from '@compliance/core';

import { createLineSorter } from '../base/sort-lines.ts';
import { markLineOf } from '../events/mark.ts';
import { storyLineOf } from '../events/story-line.ts';

/** What of the events the state needs, sorted like the state. Memory is flat: more than fits is sorted in a folder. */
export const collectEvents = async (
  events: AsyncIterable<AuditEvent> | Iterable<AuditEvent>,
  folder: string,
  onEvent: (count: number) => void = () => {},
) => {
  const marks = createLineSorter(join(folder, 'marks'));
  const stories = createLineSorter(join(folder, 'stories'));
  const severities = new Map<string, { severity: string; time: string }>();
  let count = 0;
  let first: string | undefined;
  for await (const event of events) {
    count += 1;
    if (count % 1000 === 0) onEvent(count);
    if (first === undefined || event.time < first) first = event.time;
    const { command, severity, time } = event;
    if (command !== undefined && severity !== undefined && time >= (severities.get(command)?.time ?? ''))
      severities.set(command, { severity, time });
    const mark = markLineOf(event);
    if (mark !== undefined) marks.add(mark);
    const story = storyLineOf(event);
    if (story !== undefined) stories.add(story);
    const writing = marks.flushWhenFull() ?? stories.flushWhenFull();
    if (writing) await writing;
  }
  return {
    count,
    first: first === undefined ? undefined : Date.parse(first),
    marks: marks.sorted(),
    stories: stories.sorted(),
    severities: new Map([...severities].map(([command, { severity }]) => [command, severity])),
  };
};
