import { expect, test } from 'vitest';

import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A name of a resource that clears the screen, writes over its line and is read backwards. */
const HOSTILE = 'x\u001b[2J\u009b1A\rok\u202egpj';

test('what a command prints and its errors move no cursor and reorder no text that others wrote', async () => {
  const entry = {
    id: 'EX',
    owner: HOSTILE,
    approver: 'a',
    ticket: 't',
    resources: ['x'],
    expires: '2027-01-31',
  };
  const file = (more: object) => JSON.stringify({ exemptions: [{ ...entry, ...more }] });
  const cwd = await temporaryFolder({
    'exemptions.yaml': file({ reason: HOSTILE }),
    'wrong.yaml': file({ reason: 'r', [HOSTILE]: 1 }),
  });
  const harmful = /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u;

  const listed = await runCli(['exemptions', 'list'], { cwd });
  expect(listed.stdout).toContain(String.raw`x\u001b[2J\u009b1A\u000dok\u202egpj`);
  expect(listed.stdout).not.toMatch(harmful);

  const json = await runCli(['exemptions', 'list', '--json'], { cwd });
  expect(json.stdout).not.toMatch(harmful);
  expect(JSON.parse(json.stdout)).toMatchObject([{ owner: HOSTILE, reason: HOSTILE }]);

  const failed = await runCli(['exemptions', 'list', '--file', 'wrong.yaml'], { cwd });
  expect(failed.code).toBe(2);
  expect(failed.stderr).toContain(String.raw`\u001b[2J`);
  expect(failed.stderr).not.toMatch(harmful);
});
