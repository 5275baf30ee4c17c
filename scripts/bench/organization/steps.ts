import { join } from 'node:path';

import { describeOrganization } from '../../../apps/cli/src/input/describe-organization.ts';
import { folderLedger } from '../../../packages/ledger/src/folder-ledger.ts';
import {
  STATE_FOLDER,
  buildState,
  readManifest,
  verdictsIn,
  writeDashboard,
  writeVerdicts,
  type Manifest,
} from '../../../packages/state/src/index.ts';
import { collectEvents } from '../../../packages/state/src/build/collect-events.ts';
import { LEDGER_FOLDER, UNTIL } from './make-organization.ts';
import { accountAt, type OrganizationSize } from './synthetic-accounts.ts';

const DAY_MS = 86_400_000;

const eventsOf = (folder: string) =>
  folderLedger(join(folder, LEDGER_FOLDER)).read({
    arrivedFrom: new Date(UNTIL - DAY_MS),
    to: new Date(UNTIL),
  });

const manifestIn = async (state: string): Promise<Manifest> => {
  const manifest = await readManifest(state);
  if (manifest) return manifest;
  throw new Error(`No state in ${state}.`);
};

/** The steps from a ledger to what the dashboard reads. Each runs as a process of its own, which is measured. */
export const STEPS = {
  /** Reads and sorts the events of the day, and no more: a part of `state`. */
  read: async (folder: string): Promise<void> => {
    const { marks } = await collectEvents(eventsOf(folder), join(folder, 'sorting'));
    for await (const _ of marks);
  },

  state: async (folder: string): Promise<void> => {
    await buildState({
      folder: join(folder, STATE_FOLDER),
      events: eventsOf(folder),
      until: new Date(UNTIL),
    });
  },

  parquet: async (folder: string): Promise<void> => {
    const state = join(folder, STATE_FOLDER);
    await writeVerdicts(state, await manifestIn(state), folder);
  },

  data: async (folder: string, size: OrganizationSize): Promise<void> => {
    const state = join(folder, STATE_FOLDER);
    const manifest = await manifestIn(state);
    const described = await describeOrganization(undefined, []);
    const accounts = Array.from({ length: size.accounts }, (_, index) => {
      const { id, name, unit } = accountAt(index, size);
      return { id, name, unit, owner: `team-${index % 40}` };
    });
    await writeDashboard({
      state,
      manifest,
      organization: { ...described, accounts },
      out: folder,
      verdicts: verdictsIn(manifest),
    });
  },
} as const satisfies Record<string, (folder: string, size: OrganizationSize) => Promise<void>>;

export type Step = keyof typeof STEPS;
