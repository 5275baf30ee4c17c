import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Supplement } from './proof-page.ts';

/** The operations in the emulator's supplement, one Python module per service and one function per operation. */
export const readSupplement = (folder: string, actions: readonly string[]): Supplement => {
  const functions = new Set(
    readdirSync(folder)
      .filter((file) => file.endsWith('.py'))
      .flatMap((file) =>
        [...readFileSync(join(folder, file), 'utf8').matchAll(/^def (\w+)\(/gm)].map(
          ([, name = '']) => `${file.slice(0, -'.py'.length)}:${name}`,
        ),
      ),
  );
  return new Set(actions.filter((action) => functions.has(functionOf(action))));
};

/** `access-analyzer:GetAnalyzer` → `accessanalyzer:get_analyzer` */
const functionOf = (action: string): string => {
  const [service = '', name = ''] = action.split(':');
  const words = name.replaceAll(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_');
  return `${service.replaceAll('-', '')}:${words.toLowerCase()}`;
};
