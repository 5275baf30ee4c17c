import { readFile } from 'node:fs/promises';

import { parseExemptions } from '@compliance/core';
import { expect, test, vi } from 'vitest';
import { parse } from 'yaml';

import { checkSettings } from '../src/commands/settings/run.ts';

const STORED = new URL('../../../packages/core/test/fixtures/settings-1/', import.meta.url);

const jsonOf = async (file: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(file, STORED), 'utf8'));

test('a settings file of format 1 is valid and means what its published object means', async () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await checkSettings({ settings: new URL('compliance.yaml', STORED).pathname, json: true });
  const printed = write.mock.calls.map(([text]) => String(text)).join('');
  write.mockRestore();
  expect(JSON.parse(printed)).toEqual(await jsonOf('settings.json'));
});

test('an exemptions file of format 1 is valid and means what its published object means', async () => {
  const file = parse(await readFile(new URL('exemptions.yaml', STORED), 'utf8')) as unknown;
  expect(parseExemptions(file)).toEqual(parseExemptions(await jsonOf('exemptions.json')));
});
