import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import {
  AccountId,
  AuditEvent,
  configRuleName,
  defined,
  listPlans,
  type PlanRecord,
  type Table,
} from '@compliance/core';
import { dynamoDbTable } from '@compliance/core/state/dynamodb-table';
import { AUDIT_LOG_GROUP, STATE_TABLE, ledgerBucket } from '@compliance/infra';
import { s3Ledger, type Ledger } from '@compliance/ledger';
import { startLocalOrg, type LocalOrg, type OrgEvent, type RuleVerdict } from '@compliance/local-org';
import { loadRule } from '@compliance/registry';
import { join } from 'node:path';

import { deployLocally, type LocalDeployment } from '../src/deploy-locally.ts';
import { localSettings } from '../src/local-settings.ts';
import { publishSettings } from '../src/publish-settings.ts';
import { restartFunctions } from '../src/restart-functions.ts';

export const REGION = 'eu-west-1';

/** Returns a fault for a call, or `undefined` to let it pass. */
type FaultInjector = Parameters<LocalOrg['faults']>[0];

/** A local organization with the product deployed in it, and what tests read and do. */
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
  /** The audit events of one type. */
  readonly audited: <Type extends AuditEvent['type']>(
    type: Type,
  ) => Promise<Extract<AuditEvent, { type: Type }>[]>;
  readonly ledger: Ledger;
  /** The verdict that AWS Config shows for a resource, if any. */
  readonly verdict: (command: string, accountId: string, resourceId: string) => RuleVerdict | undefined;
  /** The organization's events of one type since the story began. */
  readonly events: <Type extends OrgEvent['type']>(type: Type) => Extract<OrgEvent, { type: Type }>[];
  /** Adds a fault, until the returned function is called. */
  readonly injectFault: (injector: FaultInjector) => () => void;
  /** Publishes other settings and restarts the functions. */
  readonly updateSettings: (settings: object) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface StoryOptions extends Pick<LocalDeployment, 'exemptions'> {
  /** Members of the settings besides those of the local organization, or instead of them. */
  readonly settings?: object;
  readonly members?: readonly string[];
  /** Creates resources before the product is deployed. */
  readonly seed?: (org: LocalOrg) => Promise<void>;
}

const repository = join(import.meta.dirname, '../../..');

/** The bundles of `make build`. */
const zips = {
  rule: join(repository, 'apps/evaluate/dist/function.zip'),
  remediation: join(repository, 'apps/remediate/dist/function.zip'),
};

/** The rules of the packs: a story tells what the product does, whatever rules there are besides. */
const DEPLOYED_RULES = [
  'CLOUDTRAIL_ENABLE_MULTI_REGION',
  'EC2_RESTRICT_ADMIN_PORTS_IPV4',
  'GUARDDUTY_ENABLE_CENTRALIZED',
  'IAM_PREVENT_PASSWORD_REUSE',
  'IAM_ROTATE_ACCESS_KEYS',
  'IAM_SET_PASSWORD_MIN_LENGTH',
  'S3_ENABLE_VERSIONING',
  'VPC_ENABLE_FLOW_LOGS',
] as const;

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
      rules: await Promise.all(DEPLOYED_RULES.map(loadRule)),
      zips,
      ...defined({ exemptions }),
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
      throw new Error(`Unknown member: ${name}.`);
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

/** Reads all audit events with one call, where the ledger has a file for each batch. */
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
  const injectors = new Set<FaultInjector>();
  org.faults((call) => {
    for (const injector of injectors) {
      const fault = injector(call);
      if (fault !== undefined) return fault;
    }
    return undefined;
  });
  return (injector) => {
    injectors.add(injector);
    return () => injectors.delete(injector);
  };
};
