import { explain } from '@compliance/core';

import { COMMANDS } from './commands.ts';
import { stopLocalOrganization } from './local/ensure-local-organization.ts';
import { exitCodeOf, listenForInterruption } from './base/interruption.ts';
import { readLocalEnvironment } from './local/local-environment.ts';
import { parseOptions } from './base/options.ts';
import { createDeployContext } from './context/deploy-context.ts';

const say = (line: string) => console.log(line);

const main = async (name = ''): Promise<void> => {
  if (name === 'local-stop') {
    say((await stopLocalOrganization()) ? 'Stopped the organization on this machine.' : 'Not running.');
    return;
  }
  if (name === 'local-env') {
    say(await readLocalEnvironment(parseOptions(process.env)));
    return;
  }
  const command = COMMANDS[name];
  if (!command)
    throw new Error(
      `Unknown command '${name}'. Commands: ${Object.keys(COMMANDS).join(', ')}, local-env, local-stop.`,
    );
  const signal = listenForInterruption(say);
  await command(await createDeployContext(parseOptions(process.env), { say, signal }));
};

try {
  await main(process.argv[2]);
} catch (error) {
  console.error(`error: ${explain(error)}`);
  process.exitCode = exitCodeOf(error);
}
