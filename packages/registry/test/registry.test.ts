import { describe, expect, test } from 'vitest';

import { commands, loadAllRules, loadRule } from '../src/index.ts';

test('every rule has the command of its folder', async () => {
  const rules = await loadAllRules();
  expect(rules.map(({ command }) => command)).toEqual(commands);
});

describe('an unknown command', () => {
  test.each(['NOPE', 'constructor', '__proto__', ''])(
    'the unknown command %j is refused',
    async (command) => {
      await expect(loadRule(command)).rejects.toThrow(`Unknown rule '${command}'. 'compliance rules list'`);
    },
  );
});
