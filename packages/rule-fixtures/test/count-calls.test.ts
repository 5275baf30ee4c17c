import { expect, test } from 'vitest';

import { repeated } from './count-calls.ts';

const call = (command: string, input: Record<string, unknown>, region = 'eu-west-1') => ({
  command,
  region,
  operation: 'ListThings',
  input,
});

test('a call with the same input in the same Region is repeated, and its rules are named', () => {
  expect(repeated([call('A', {}), call('B', {}), call('B', {})])).toEqual([
    { operation: 'ListThings', region: 'eu-west-1', input: {}, times: 3, rules: ['A', 'B'] },
  ]);
});
test('the size of a page makes no other question, and an absent member none at all', () => {
  expect(repeated([call('A', { MaxItems: 10, Path: undefined }), call('B', {})])).toHaveLength(1);
});
test('another Region, another input and another page are not repeated', () => {
  const calls = [
    call('A', {}),
    call('A', {}, 'us-east-1'),
    call('A', { Name: 'x' }),
    call('A', { Marker: 'm' }),
  ];
  expect(repeated(calls)).toEqual([]);
});
