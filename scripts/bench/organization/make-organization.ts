import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { loadAllRules } from '../../../packages/registry/src/index.ts';
import { STATE_FOLDER } from '../../../packages/state/src/index.ts';
import type { OrganizationSize } from './synthetic-accounts.ts';
import { writeDay } from './write-day.ts';
import { writeSnapshot } from './write-snapshot.ts';

export const UNTIL = Date.parse('2026-11-30T00:00:00Z');
const DAY_MS = 86_400_000;

export interface MadeOrganization extends OrganizationSize {
  /** The events of the last day. */
  readonly events: number;
}

/** Where the ledger of the last day is, beside the state. */
export const LEDGER_FOLDER = 'ledger';

/** Writes the state of a synthetic organization one day ago, and the ledger of the day since then. */
export const makeOrganization = async (
  folder: string,
  { events, ...size }: MadeOrganization,
): Promise<void> => {
  const rules = await loadAllRules();
  const from = UNTIL - DAY_MS;
  await rm(folder, { recursive: true, force: true });
  await writeSnapshot(join(folder, STATE_FOLDER), rules, { size, until: from });
  await writeDay(join(folder, LEDGER_FOLDER), rules, { size, from, events });
};
