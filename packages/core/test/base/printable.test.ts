import fc from 'fast-check';
import { expect, test } from 'vitest';

import { oneLine, printable } from '../../src/base/printable.ts';

test.each([
  ['a title of the window', '\u001b]0;owned\u0007x', String.raw`\u001b]0;owned\u0007x`],
  ['a sequence of C1', '\u009b2Jx', String.raw`\u009b2Jx`],
  ['a carriage return', 'bad\rgood', String.raw`bad\u000dgood`],
  ['a text that is read backwards', 'a\u202egnp.exe', String.raw`a\u202egnp.exe`],
  ['an isolate', 'a\u2066b\u2069', String.raw`a\u2066b\u2069`],
  ['an invisible space', 'log\u200bs', String.raw`log\u200bs`],
  ['lines and tabs', 'a\n\tb', 'a\n\tb'],
  ['other letters and emoji', 'Größe 日本 ✓ 🚀', 'Größe 日本 ✓ 🚀'],
])('%s is printed harmlessly', (_, text, printed) => {
  expect(printable(text)).toBe(printed);
});

test('JSON keeps its value', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(JSON.parse(printable(JSON.stringify({ text })))).toEqual({ text });
    }),
  );
});

test('no control character is left', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(/(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});

test('a name with line feeds is one line', () => {
  expect(oneLine('logs\n plan-1\r\n\tapproved\u2028x')).toBe('logs  plan-1 approved x');
});
