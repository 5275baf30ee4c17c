import { STSClient } from '@aws-sdk/client-sts';
import {
  AccountId,
  createAccountContacts,
  cached,
  cachedSettings,
  createSession,
  parseExemptions,
  publishToAll,
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
import { lazyPublishers } from './lazy-publishers.ts';
import { EXEMPTIONS_KEY, SETTINGS_KEY, readStoredJson } from './stored-json.ts';

/** What both functions stand on. */
export interface Wiring {
  readonly environment: Environment;
  /** The function's own account in the home Region, where settings, state and ledger are. */
  readonly home: Session;
  /** In the function's own Region: each has its own limits. */
  readonly sts: STSClient;
  readonly loadSettings: SettingsSource;
  readonly loadExemptions: ExemptionsSource;
  readonly contacts: AccountContacts;
  readonly table: Table;
  readonly publish: Publisher;
  readonly now: () => Date;
}

/** Settings and exemptions that a warm function read are believed this long. */
const CACHE_SECONDS = 60;

/**
 * The wiring of a function from its environment. Settings and exemptions are begun to be read while the rest of the
 * function starts; what fails then is read again, and told, when an event asks for it.
 */
export const wireFunction = (env: NodeJS.ProcessEnv): Wiring => {
  // Compiling parsers pays off after thousands of inputs; a function sees one at a time.
  z.config({ jitless: true });
  const environment = parseEnvironment(env);
  const { region, homeRegion, settingsBucket, stateTable } = environment;
  const credentials = executionRole(env);
  const own = createSession({ accountId: ownAccount(environment), region, credentials });
  const home = own.at(homeRegion);
  const loadSettings = cachedSettings(
    () => readStoredJson(home, settingsBucket, SETTINGS_KEY),
    CACHE_SECONDS,
  );
  const loadExemptions = cached(
    async () => parseExemptions(await readStoredJson(home, settingsBucket, EXEMPTIONS_KEY)),
    CACHE_SECONDS,
  );
  void Promise.allSettled([loadSettings(), loadExemptions()]);
  return {
    environment,
    home,
    sts: own.client(STSClient),
    loadSettings,
    loadExemptions,
    contacts: createAccountContacts(),
    table: lazyTable(home, stateTable),
    publish: publishToAll(lazyPublishers(own, home, environment)),
    now: () => new Date(),
  };
};

/** The credentials that Lambda puts into the environment of every start; they outlive the function's process. */
const executionRole = (env: NodeJS.ProcessEnv) => ({
  accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
  secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
  ...(env['AWS_SESSION_TOKEN'] !== undefined && { sessionToken: env['AWS_SESSION_TOKEN'] }),
});

/** `arn:aws:sns:<region>:<account>:<topic>` names the account that the functions run in. */
const ownAccount = ({ topicArn }: Environment) => AccountId.parse(topicArn.split(':')[4]);
