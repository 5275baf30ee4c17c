/** The marks about a place, as lines. */
export interface MarkGroup {
  readonly key: string;
  readonly lines: readonly string[];
}

/** Groups sorted lines of marks by place: their first three fields. */
export const markGroupsOf = async function* (
  batches: AsyncIterable<readonly string[]>,
): AsyncGenerator<readonly MarkGroup[]> {
  let open: { key: string; lines: string[] } | undefined;
  for await (const batch of batches) {
    const groups: MarkGroup[] = [];
    for (const line of batch) {
      const key = line.slice(0, endOfPlace(line));
      if (open?.key === key) {
        open.lines.push(line);
        continue;
      }
      if (open) groups.push(open);
      open = { key, lines: [line] };
    }
    yield groups;
  }
  if (open) yield [open];
};

const endOfPlace = (line: string): number =>
  line.indexOf('\t', line.indexOf('\t', line.indexOf('\t') + 1) + 1);
