import { STSClient } from '@aws-sdk/client-sts';
import {
  AccountId,
  createAccountContacts,
  cached,
  cachedSettings,
  createSession,
  defined,
  parseExemptions,
  deliverOrKeep,
  keepUndelivered,
  redeliver,
  systemClock,
  type AccountContacts,
  type ExemptionsSource,
  type Publisher,
  type Session,
  type SettingsSource,
  type Table,
} from '@compliance/core';
import * as z from 'zod';

import { parseEnvironment, type Environment } from './environment.ts';
import { lazyTable } from './lazy-table.ts';
import { lazySinks } from './lazy-sinks.ts';
import { EXEMPTIONS_KEY, SETTINGS_KEY, readStoredJson } from './stored-json.ts';

/** The dependencies of both functions. */
export interface FunctionContext {
  readonly environment: Environment;
  /** The function's own account in its own Region. */
  readonly own: Session;
  /** The function's own account in the home Region, where settings, state and ledger are. */
  readonly home: Session;
  /** In the function's own Region: each has its own limits. */
  readonly sts: STSClient;
  readonly loadSettings: SettingsSource;
  readonly loadExemptions: ExemptionsSource;
  readonly contacts: AccountContacts;
  readonly table: Table;
  readonly publish: Publisher;
  /** Delivers again what waits for a sink. */
  readonly redeliver: (scope: Parameters<typeof redeliver>[1]) => Promise<void>;
  readonly now: () => Date;
}

/** How long a warm function caches settings and exemptions. */
const CACHE_SECONDS = 60;

/**
 * Creates the dependencies of a function from its environment.
 * Settings and exemptions are loaded while the function starts. A failed load is repeated, and reported, when an event
 * needs it.
 */
export const createFunctionContext = (env: NodeJS.ProcessEnv): FunctionContext => {
  // Compiled parsers pay off after thousands of inputs; a function parses a few.
  z.config({ jitless: true });
  const { now } = systemClock;
  const environment = parseEnvironment(env);
  const { region, homeRegion, settingsBucket, stateTable } = environment;
  const credentials = executionRole(env);
  const own = createSession({ accountId: ownAccount(environment), region, credentials });
  const home = own.at(homeRegion);
  const loadSettings = cachedSettings(
    () => readStoredJson(home, settingsBucket, SETTINGS_KEY),
    now,
    CACHE_SECONDS,
  );
  const loadExemptions = cached(
    async () => parseExemptions(await readStoredJson(home, settingsBucket, EXEMPTIONS_KEY)),
    CACHE_SECONDS,
    now,
  );
  void Promise.allSettled([loadSettings(), loadExemptions()]);
  const table = lazyTable(home, stateTable);
  const sinks = lazySinks(own, home, environment);
  return {
    environment,
    own,
    home,
    sts: own.client(STSClient),
    loadSettings,
    loadExemptions,
    contacts: createAccountContacts(),
    table,
    publish: deliverOrKeep(sinks, keepUndelivered(table, now)),
    redeliver: (scope) => redeliver(table, scope, { sinks, now }),
    now,
  };
};

/** The execution role's credentials, which Lambda puts into the environment. They outlive the process. */
const executionRole = (env: NodeJS.ProcessEnv) => ({
  accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
  secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
  ...defined({ sessionToken: env['AWS_SESSION_TOKEN'] }),
});

/** `arn:aws:sns:<region>:<account>:<topic>` names the account that the functions run in. */
const ownAccount = ({ topicArn }: Environment) => AccountId.parse(topicArn.split(':')[4]);
