import { storyEventOf, storyTimeOf } from '../events/story-line.ts';
import { createCursor, loadAll } from './cursor.ts';

/** Merges sorted lines of stories, each event once, without those before `from`. */
export const mergeStories = async (options: {
  readonly previous: AsyncIterable<readonly string[]>;
  readonly added: AsyncIterable<readonly string[]>;
  readonly from: number;
  readonly write: (line: string) => Promise<void> | undefined;
}): Promise<void> => {
  const [previous, added] = [createCursor(options.previous), createCursor(options.added)];
  let last = '';
  for (;;) {
    const loading = loadAll(previous, added);
    if (loading) await loading;
    const [known, fresh] = [previous.head(), added.head()];
    const isKnown = known !== undefined && (fresh === undefined || known <= fresh);
    const line = isKnown ? known : fresh;
    if (line === undefined) return;
    (isKnown ? previous : added).advance();
    const event = storyEventOf(line);
    if (event === last || storyTimeOf(line) < options.from) continue;
    last = event;
    const writing = options.write(line);
    if (writing) await writing;
  }
};
