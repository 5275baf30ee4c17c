import { expect, test } from 'vitest';

import { atLeast, atMost, exactly, info } from '../figure.ts';
import { problemsIn, renderFigures } from '../render-figures.ts';

test('each measurement is a section of one table', () => {
  const table = renderFigures([
    { title: 'sweep', figures: [exactly('lists', 1, 1), atLeast('in flight', 31, 32)] },
    { title: 'cold start', figures: [atMost('ratio', 0.4567, 0.5, '×'), info('ours', 174.2, 'ms')] },
  ]);
  expect(table).toBe(`  figure     target   measured

sweep
  lists      = 1      1         ok
  in flight  ≥ 32     31        MISSED

cold start
  ratio      ≤ 0.5 ×  0.457 ×   ok
  ours                174 ms
`);
});

test('a failed measurement is rendered with its reason', () => {
  const table = renderFigures([{ title: 'sweep', figures: [], failure: 'the function ended with 1' }]);
  expect(table).toContain('sweep\n  not measured: the function ended with 1\n');
});

test('a missed target and a failed measurement are problems, and nothing else is', () => {
  expect(
    problemsIn([
      { title: 'sweep', figures: [exactly('lists', 1, 1), atLeast('in flight', 31, 32), info('time', 'x')] },
      { title: 'memory', figures: [], failure: 'the function ended with 1' },
    ]),
  ).toEqual([
    'Target missed: sweep: in flight: 31, target ≥ 32.',
    'Not measured: memory: the function ended with 1',
  ]);
});
