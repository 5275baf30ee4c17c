import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test, vi } from 'vitest';

const EMULATOR = join(import.meta.dirname, '..', 'src', 'emulator', 'start-emulator.ts');

test('the emulator ends with its parent, even if the parent is killed', { timeout: 60_000 }, async () => {
  const script = `import { startEmulator } from ${JSON.stringify(EMULATOR)}; console.log((await startEmulator()).url);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  await expect(fetch(`${url}/moto-api/`)).resolves.toHaveProperty('status', 200);

  parent.kill('SIGKILL');
  await vi.waitFor(() => expect(fetch(`${url}/moto-api/`)).rejects.toThrow('fetch failed'), {
    timeout: 20_000,
    interval: 100,
  });
});
