import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

import { expect, test } from 'vitest';

const program = `
  import { setTimeout } from 'node:timers/promises';
  import { exitCodeOf, listenForInterruption } from ${JSON.stringify(import.meta.resolve('../src/base/interruption.ts'))};
  const signal = listenForInterruption(console.log);
  console.error('ready');
  try {
    await setTimeout(60_000, undefined, { signal });
  } catch {
    console.log(signal.reason.message);
    process.exitCode = exitCodeOf(signal.reason);
  }`;

test('Ctrl-C ends a command with a message and exit code 130', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
  await once(child.stderr, 'data');
  child.kill('SIGINT');
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  expect(said).toContain('Run the same command again to resume');
  expect(code).toBe(130);
});
