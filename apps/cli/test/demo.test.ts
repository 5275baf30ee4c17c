import { join } from 'node:path';

import { expect, test } from 'vitest';

import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('the demo copies its sealed hours into no folder that is there already: they would mix with others', async () => {
  const folder = await temporaryFolder();
  const { code, stderr } = await runCli(['demo', '--sealed', folder]);
  expect(code).toBe(2);
  expect(stderr).toContain(`${folder} is there already: name a new folder for the sealed hours.`);
});

test('the demo of all rules seals nothing, and says so', async () => {
  const sealed = join(await temporaryFolder(), 'sealed');
  const { code, stderr } = await runCli(['demo', '--rules', 'all', '--sealed', sealed]);
  expect(code).toBe(2);
  expect(stderr).toContain('--sealed copies the sealed hours, of which --rules all has none.');
});
