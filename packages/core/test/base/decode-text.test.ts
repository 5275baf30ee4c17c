import { expect, test } from 'vitest';

import { decodeText } from '../../src/base/decode-text.ts';

test('UTF-8 is decoded, with or without a mark at its start', () => {
  expect(decodeText(Buffer.from('name: Zürich'), 'a.yaml')).toBe('name: Zürich');
  expect(decodeText(Buffer.from('\uFEFFname: a'), 'a.yaml')).toBe('name: a');
  expect(decodeText(Buffer.from(''), 'a.yaml')).toBe('');
});

test.each([
  ['with its mark', Buffer.from('\uFEFF{"a":1}', 'utf16le')],
  ['without a mark', Buffer.from('{"a":1}', 'utf16le')],
  ['big-endian', Buffer.from('\uFEFF{"a":1}', 'utf16le').swap16()],
])('UTF-16 %s is called that', (_, bytes) => {
  expect(() => decodeText(bytes, 'a.yaml')).toThrow(/^a\.yaml is UTF-16, and must be UTF-8\. Convert it/);
});

test('other bytes that are not UTF-8 are refused, without the words of the decoder', () => {
  const decode = () => decodeText(Buffer.from('Zürich', 'latin1'), 'a.yaml');
  expect(decode).toThrow(/^a\.yaml is not UTF-8\. Save it as UTF-8\.$/);
});
