import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';

import { csv } from '../page/base/csv.ts';

it('a CSV cell that a spreadsheet would calculate gets an apostrophe, and every other text stays as it is', () => {
  const texts = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', 'a,b', 'say "x"', 'two\nlines', 'plain', ''];
  const rows = parse(
    csv(
      ['text', 'number'],
      texts.map((text) => [text, -1]),
    ),
    { bom: true, columns: true },
  ) as Record<string, string>[];
  expect(rows.map(({ text }) => text)).toEqual(
    texts.map((text) => (/^[=+\-@\t]/.test(text) ? `'${text}` : text)),
  );
  expect(new Set(rows.map(({ number }) => number))).toEqual(new Set(['-1']));
});
