import { PassThrough } from 'node:stream';

import { describe, expect, test } from 'vitest';

import { confirm } from '../src/context/confirm.ts';
import { parseOptions } from '../src/base/options.ts';

describe('the variables of make', () => {
  test('the variables of make are parsed', () => {
    expect(
      parseOptions({ LOCAL: '1', ACCOUNTS: '111122223333, 444455556666', KEEP_DATA: 'no' }),
    ).toMatchObject({
      LOCAL: true,
      YES: false,
      ACCOUNTS: ['111122223333', '444455556666'],
      KEEP_DATA: 'no',
      MEMBER_ROLE: 'OrganizationAccountAccessRole',
    });
  });
  test('a variable that make exports empty is unset', () => {
    expect(parseOptions({ LOCAL: '', CREATE_RECORDER: '', KEEP_DATA: '', PARALLEL: '' })).toMatchObject({
      LOCAL: false,
      KEEP_DATA: 'yes',
      PARALLEL: 4,
    });
  });
  test.for(['0', 'no', 'false', 'FALSE'])('YES=%s asks', (YES) => {
    expect(parseOptions({ YES }).YES).toBe(false);
  });
  test.for([
    [{ ACCOUNTS: '11112222333' }, /ACCOUNTS/],
    [{ CREATE_RECORDER: 'maybe' }, /CREATE_RECORDER/],
    [{ PARALLEL: '0' }, /PARALLEL/],
    [{ LOCAL: 'on' }, /LOCAL: must be 1 or 0/],
    [{ YES: 'y' }, /YES: must be 1 or 0/],
  ] as const)('%o is refused with the name of the variable', ([env, name]) => {
    expect(() => parseOptions(env)).toThrow(name);
  });
});

describe('a confirmation', () => {
  const { signal } = new AbortController();

  test('YES=1 confirms without a question', async () => {
    await expect(confirm({ options: parseOptions({ YES: '1' }), signal }, 'Go on?')).resolves.toBeUndefined();
  });
  const ask = (keys: string) => {
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
    const output = new PassThrough().on('data', (chunk) => {
      if (String(chunk).includes('[y/N]')) input.write(keys);
    });
    const terminal = { input, output: Object.assign(output, { isTTY: true }) };
    return confirm({ options: parseOptions({}), signal }, 'Go on?', terminal);
  };
  test.each(['y\r', 'YES\r'])('%j at the terminal is a yes', async (keys) => {
    await expect(ask(keys)).resolves.toBeUndefined();
  });
  test.each(['\r', 'n\r', '\u0004'])('%j at the terminal is a no', async (keys) => {
    await expect(ask(keys)).rejects.toThrow('Not confirmed. Nothing was changed.');
  });
  test.skipIf(process.stdin.isTTY)('a question without a terminal is refused', async () => {
    await expect(confirm({ options: parseOptions({}), signal }, 'Go on?')).rejects.toThrow('Set YES=1');
  });
});
