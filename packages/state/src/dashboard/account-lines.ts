import { createCursor, loadAll } from '../merge/cursor.ts';
import { placesOf, type Place } from '../merge/place.ts';

/** An account of a snapshot: its places, and the lines of its stories. `id` is a field. */
export interface AccountLines {
  readonly id: string;
  readonly places: readonly Place[];
  readonly stories: readonly string[];
}

/** Joins the rows and the stories of a snapshot by account, both sorted. Memory holds one account. */
export const accountsOf = async function* (
  rows: AsyncIterable<string>,
  stories: AsyncIterable<readonly string[]>,
): AsyncGenerator<AccountLines> {
  const [places, lines] = [createCursor(placesOf(rows)), createCursor(stories)];
  for (;;) {
    await loadAll(places, lines);
    const [place, line] = [places.head(), lines.head()];
    const ids = [place?.key, line].flatMap((text) => (text === undefined ? [] : [firstField(text)]));
    const [id] = ids.toSorted();
    if (id === undefined) return;
    yield {
      id,
      places: await takeWhile(places, ({ key }) => firstField(key) === id),
      stories: await takeWhile(lines, (story) => firstField(story) === id),
    };
  }
};

const firstField = (text: string): string => text.slice(0, text.indexOf('\t'));

const takeWhile = async <Item>(
  cursor: ReturnType<typeof createCursor<Item>>,
  isWanted: (item: Item) => boolean,
): Promise<readonly Item[]> => {
  const taken: Item[] = [];
  for (;;) {
    const loading = cursor.load();
    if (loading) await loading;
    const item = cursor.head();
    if (item === undefined || !isWanted(item)) return taken;
    taken.push(item);
    cursor.advance();
  }
};
