import { AccountId, type Sink, type Table } from '@compliance/core';
import {
  createScheduler,
  exampleRule,
  memoryTable,
  seededRandom,
  type MemoryTable,
  type Scheduler,
  type SeededRandom,
} from '@compliance/core/simulation';

import { planOutages, type Outages } from '../base/faults.ts';
import { newAccount, newBucket, type MemberAccount } from '../world/account.ts';
import { announceRule } from '../world/announce-rule.ts';
import type { Write } from '../world/run.ts';
import { fakeSinks, type Received } from '../world/sinks.ts';
import { breakTable, type BrokenBuild } from './broken-builds.ts';
import { watchTable, type TableHistory } from './watched-table.ts';
import { createWorldSettings, type WorldSettings } from './world-settings.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly days: number;
  readonly build?: BrokenBuild | undefined;
}

/** The rules that the simulated functions know. */
export const RULES = [exampleRule, announceRule];

export const START = new Date('2026-11-20T00:00:00Z');
const MEMBERS = ['111122223333', '444455556666', '777788889999'];
/** Leaves the settings for some weeks, and comes back. */
export const LEAVER = '777788889999';
/** Never in the settings. */
export const STRANGER = '222233334444';

/** Everything that happens in one simulation, and everything that it happens to. */
export interface Stage {
  readonly options: SimulationOptions;
  readonly random: SeededRandom;
  readonly scheduler: Scheduler;
  readonly outages: Outages;
  readonly settings: WorldSettings;
  readonly accounts: ReadonlyMap<string, MemberAccount>;
  readonly rows: MemoryTable;
  /** The table as the functions see it, without its outages. */
  readonly table: Table;
  readonly history: TableHistory;
  readonly received: Received;
  readonly sinks: readonly Sink[];
  readonly writes: Write[];
  /** Roles that were assumed where the settings allow nothing. */
  readonly strayRoles: string[];
  /** What people approved: `account|command|bucket`. */
  readonly approved: Set<string>;
  /** Events of AWS Config whose tries all failed, until an operator replays them. */
  readonly failureQueue: unknown[];
  readonly counts: { runs: number; kills: number; faults: number };
  /** Failures of the simulation itself. */
  readonly defects: unknown[];
  /** Whether faults, kills and outages are over. */
  isHealed: boolean;
  onViolation: (account: MemberAccount, command: string, resourceId: string) => void;
  onAsked: (account: MemberAccount, command: string) => void;
  onChanged: (account: MemberAccount, bucket: string) => void;
}

export const createStage = (options: SimulationOptions): Stage => {
  const random = seededRandom(options.seed);
  const scheduler = createScheduler(START, random);
  const { now } = scheduler.clock;
  const accounts = new Map([...MEMBERS, STRANGER].map((id) => [id, newAccount(id)]));
  for (const account of accounts.values())
    for (const name of ['logs', 'data', 'web', 'backup'])
      account.buckets.set(`${name}-${account.id.slice(0, 4)}`, newBucket());
  const history: TableHistory = { recorded: new Map(), approvals: new Map() };
  const rows = memoryTable();
  const stage: Stage = {
    options,
    random,
    scheduler,
    outages: planOutages(random, START, options.days),
    settings: createWorldSettings(
      {
        modes: Object.fromEntries(RULES.map(({ command }) => [command, 'auto' as const])),
        accounts: MEMBERS,
        exempt: [],
        isStopped: false,
      },
      START,
    ),
    accounts,
    rows,
    table: watchTable(rows, history, (table) => breakTable(table, options.build)),
    history,
    ...fakeSinks({ now, refuses: (id) => !stage.isHealed && Number.parseInt(id.slice(-3), 16) < 8 }),
    writes: [],
    strayRoles: [],
    approved: new Set(),
    failureQueue: [],
    counts: { runs: 0, kills: 0, faults: 0 },
    defects: [],
    isHealed: false,
    onViolation: () => {},
    onAsked: () => {},
    onChanged: () => {},
  };
  return stage;
};

/** The members that a run may touch. */
export const memberOf = (stage: Stage, id: string): MemberAccount => {
  const account = stage.accounts.get(AccountId.parse(id));
  if (!account) throw new Error(`The simulation has no account ${id}.`);
  return account;
};
