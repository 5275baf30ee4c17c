import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

import { localCompliance } from '@compliance/local-deployment';
import { createOrganization } from '@compliance/local-org';
import { stringify } from 'yaml';
import * as z from 'zod';

import { synth } from '../src/terraform/synth.ts';

/** The organization that the deployment is tested with. */
export const ORGANIZATION = {
  homeRegion: 'eu-west-1',
  regions: ['eu-west-1', 'us-east-1'],
  members: [{ name: 'payments' }, { name: 'sandbox' }],
};

/** The modules, without packs, that the last release emitted for that organization. */
const KEPT = join(import.meta.dirname, 'previous-modules.json.gz');

/** Writes the modules of the previous release to a folder. */
export const writePreviousModules = async (folder: string): Promise<void> => {
  const files = z
    .record(z.string(), z.string())
    .parse(JSON.parse(gunzipSync(await readFile(KEPT)).toString()));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
};

/** Stores the current modules. Run at a release, for the upgrade test of the next one. */
export const keepModules = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'modules-'));
  const organization = createOrganization(ORGANIZATION.members.map(({ name }) => name));
  const settingsPath = join(folder, 'compliance.yaml');
  await writeFile(settingsPath, stringify(localCompliance({ ...ORGANIZATION, organization })));
  const modules = join(folder, 'modules');
  await synth({ settingsPath, modules, say: () => {} });
  const kept: Record<string, string> = {};
  for (const module of [
    'master-global',
    'master-home',
    'master-regional',
    'member-global',
    'member-regional',
  ])
    kept[`${module}/main.tf.json`] = await readFile(join(modules, module, 'main.tf.json'), 'utf8');
  await writeFile(KEPT, gzipSync(JSON.stringify(kept), { level: 9 }));
  await rm(folder, { recursive: true });
};
