import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import {
  AccountId,
  AuditEvent,
  configRuleName,
  listPlans,
  type PlanRecord,
  type Table,
} from '@compliance/core';
import { dynamoDbTable } from '@compliance/core/state/dynamodb-table';
import { AUDIT_LOG_GROUP, STATE_TABLE, ledgerBucket } from '@compliance/infra';
import { s3Ledger, type Ledger } from '@compliance/ledger';
import { startLocalOrg, type LocalOrg, type OrgEvent, type RuleVerdict } from '@compliance/local-org';
import { join } from 'node:path';

import { deployLocally, type LocalDeployment } from '../src/deploy-locally.ts';
import { localSettings } from '../src/local-settings.ts';
import { publishSettings } from '../src/publish-settings.ts';
import { restartFunctions } from '../src/restart-functions.ts';

export const REGION = 'eu-west-1';

/** Spoils a call, or lets it pass. */
type FaultInjector = Parameters<LocalOrg['faults']>[0];

/** A local organization with the product deployed in it, and what a test asks of both. */
export interface Story extends Pick<LocalOrg, 'whenIdle'> {
  readonly org: LocalOrg;
  readonly masterId: string;
  /** The id of a member, by its name. */
  readonly account: (name: string) => AccountId;
  /** A client of an account's administrator. */
  readonly client: LocalOrg['client'];
  /** The state table, as an administrator of the master account sees it. */
  readonly table: Table;
  readonly plans: (
    filter?: Partial<Pick<PlanRecord['plan'], 'command' | 'accountId'>>,
  ) => Promise<PlanRecord[]>;
  /** The audit events in the log of the master account, oldest first. */
  readonly audit: (from?: Date) => Promise<AuditEvent[]>;
  /** Those of one type. */
  readonly audited: <Type extends AuditEvent['type']>(
    type: Type,
  ) => Promise<Extract<AuditEvent, { type: Type }>[]>;
  readonly ledger: Ledger;
  /** What AWS Config shows of a resource; `undefined`: no verdict. */
  readonly verdict: (command: string, accountId: string, resourceId: string) => RuleVerdict | undefined;
  /** Events of one type that happened since the story began. */
  readonly events: <Type extends OrgEvent['type']>(type: Type) => Extract<OrgEvent, { type: Type }>[];
  /** Spoils calls, besides what spoils others, until the answered function is called. */
  readonly injectFault: (spoiler: FaultInjector) => () => void;
  /** Other settings from now on. */
  readonly updateSettings: (settings: object) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface StoryOptions extends Pick<LocalDeployment, 'exemptions'> {
  /** Everything of the settings but the organization and its accounts; by id where they name accounts. */
  readonly settings?: object;
  readonly members?: readonly string[];
  /** What is there before the product comes. */
  readonly seed?: (org: LocalOrg) => Promise<void>;
}

const repository = join(import.meta.dirname, '../../..');

/** The bundles as `make build` leaves them: what would be deployed. */
const zips = {
  rule: join(repository, 'apps/evaluate/dist/function.zip'),
  remediation: join(repository, 'apps/remediate/dist/function.zip'),
};

export const startStory = async (options: StoryOptions): Promise<Story> => {
  const { settings, exemptions, members = ['team-a'], seed } = options;
  const org = await startLocalOrg({ homeRegion: REGION, members: members.map((name) => ({ name })) });
  const events: OrgEvent[] = [];
  org.on((event) => events.push(event));
  try {
    await seed?.(org);
    await org.whenIdle();
    await deployLocally(org, {
      settings: localSettings(org, settings),
      zips,
      ...(exemptions && { exemptions }),
    });
    return createStory(org, events);
  } catch (error) {
    await org.stop();
    throw error;
  }
};

const createStory = (org: LocalOrg, events: readonly OrgEvent[]): Story => {
  const { members, master } = org.organization;
  const table = dynamoDbTable(org.client(DynamoDBClient, master.id), STATE_TABLE);
  const audit = (from?: Date) => readAuditLog(org.client(CloudWatchLogsClient, master.id), from);
  return {
    org,
    masterId: master.id,
    whenIdle: org.whenIdle,
    stop: org.stop,
    client: org.client,
    table,
    account: (name) => {
      const member = members.find((one) => one.name === name);
      if (member) return AccountId.parse(member.id);
      throw new Error(`There is no member ${name} in this story.`);
    },
    plans: async ({ command, accountId } = {}) =>
      (await Array.fromAsync(listPlans(table))).filter(
        ({ plan }) =>
          (command === undefined || plan.command === command) &&
          (accountId === undefined || plan.accountId === accountId),
      ),
    audit,
    audited: async (type) => (await audit()).filter(isOfType(type)),
    ledger: s3Ledger(org.client(S3Client, master.id), ledgerBucket(master.id)),
    verdict: (command, accountId, id) =>
      org
        .verdicts({ accountId, ruleName: configRuleName(command) })
        .find(({ resourceId }) => resourceId === id),
    events: (type) => events.filter(isOfType(type)),
    injectFault: createFaultInjectors(org),
    updateSettings: async (settings) => {
      await publishSettings(org, localSettings(org, settings));
      await restartFunctions(org);
    },
  };
};

/** One call for all, where the ledger has a file for each batch. */
const readAuditLog = async (client: CloudWatchLogsClient, from = new Date(0)): Promise<AuditEvent[]> => {
  const pages = paginateFilterLogEvents(
    { client },
    { logGroupName: AUDIT_LOG_GROUP, startTime: from.getTime() },
  );
  return (await Array.fromAsync(pages))
    .flatMap(({ events = [] }) => events)
    .map(({ message = '' }) => AuditEvent.parse(JSON.parse(message)))
    .toSorted((one, other) => one.time.localeCompare(other.time));
};

const isOfType =
  <Type extends string>(type: Type) =>
  <Event extends { readonly type: string }>(event: Event): event is Extract<Event, { type: Type }> =>
    event.type === type;

const createFaultInjectors = (org: LocalOrg): Story['injectFault'] => {
  const spoilers = new Set<FaultInjector>();
  org.faults((call) => {
    for (const spoiler of spoilers) {
      const fault = spoiler(call);
      if (fault !== undefined) return fault;
    }
    return undefined;
  });
  return (spoiler) => {
    spoilers.add(spoiler);
    return () => spoilers.delete(spoiler);
  };
};
