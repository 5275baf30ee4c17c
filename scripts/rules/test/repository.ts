import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { onTestFinished } from 'vitest';

/** A folder with these files, for the time of a test. */
export const repositoryWith = (files: Readonly<Record<string, string>>): string => {
  const root = mkdtempSync(join(tmpdir(), 'rules-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries({ ...WORKSPACE, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
};

const WORKSPACE = {
  'pnpm-workspace.yaml': `catalog:
  '@aws-sdk/client-ec2': ^3.1.0
  vitest: ^5.0.0
  zod: ^4.0.0
`,
  'packages/core/src/index.ts': '',
};
