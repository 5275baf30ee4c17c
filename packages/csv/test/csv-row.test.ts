import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { csvRow } from '../src/index.ts';

/** The cells that a reader with this separator finds. Another than our own finds quotes amid its cells. */
const cellsOf = (text: string, delimiter: string): readonly string[] =>
  parse(text, { delimiter, quote: delimiter === ',' && '"', relax_column_count: true }).flat();

const isFormula = (cell: string) => /^[\s\p{Cc}\p{Cf}"]*[=+\-@＝＋－＠]/u.test(cell);

/** As docs/scan.md says it. */
const restored = (cell: string) =>
  cell.replaceAll(/(?<=^|[;\t\r\n])'(?=(?:(?![\t\r\n])[\s\p{Cc}\p{Cf}'"])*[=+\-@＝＋－＠])/gu, '');

it.each([',', ';', '\t'])('a spreadsheet that separates by %j calculates no cell', (delimiter) => {
  const texts = [
    '=1+1',
    '@SUM(A1)',
    '\t=1',
    ' =1',
    '\u200B=1',
    '＝1',
    'a;=cmd()',
    'a; =cmd()',
    'a\t=cmd()',
    'a\n=cmd()',
    'a\r\n=cmd()',
    'a";"=cmd();"',
    'a;"=cmd()";b',
    `a;'=cmd()`,
  ];
  for (const text of texts)
    expect(cellsOf(csvRow(['logs', text, 'eu-west-1']), delimiter).filter(isFormula), text).toEqual([]);
});

it('text that is no formula stays as it is', () => {
  const texts = [
    'plain',
    '',
    'a,b',
    'say "x"',
    'two\nlines',
    'a; b',
    'a-b=c',
    "it's",
    'team=payments; stage=prod',
  ];
  expect(cellsOf(csvRow(texts), ',')).toEqual(texts);
  expect(csvRow([-1, 'plain', ''])).toBe('-1,plain,');
});

it('every text can be restored exactly', () => {
  const hostile = fc.string({
    unit: fc.constantFrom('=', '-', '+', '@', '＝', "'", '"', ';', ',', '\t', '\n', '\r', ' ', '\u200B', 'a'),
  });
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 1, maxLength: 4 }), (texts) => {
      const cells = parse(`${csvRow([...texts, 'end'])}\r\n`, { record_delimiter: '\r\n' });
      expect(cells[0]?.slice(0, -1).map(restored)).toEqual(texts);
      expect(cells[0]?.filter(isFormula)).toEqual([]);
    }),
  );
});
