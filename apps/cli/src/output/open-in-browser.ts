import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Opens a file in the browser of this person, or says that they have to. */
export const openInBrowser = async (file: string): Promise<void> => {
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  try {
    const child = spawn(program, [file], { detached: true, stdio: 'ignore' });
    await once(child, 'spawn');
    // The browser stays when this process ends.
    child.unref();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${file} could not be opened with ${program}: ${reason}. Open it in a browser.\n`);
  }
};
