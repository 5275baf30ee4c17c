import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Serves a folder by `compliance dashboard`, as a person does. Disposing it ends it. */
export const startDashboard = async (cli: string, folder: string) => {
  const child = spawn(process.execPath, [cli, 'dashboard', folder], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'close');
  const { value: url } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  if (url === undefined) throw new Error(`compliance dashboard ${folder} ended before it served.`);
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await ended;
    },
  };
};
