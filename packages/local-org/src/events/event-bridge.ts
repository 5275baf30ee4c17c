import { randomUUID } from 'node:crypto';

import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, ListRulesCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { partitionOf } from '@compliance/core';

import { createCache } from '../base/cache.ts';
import type { OrgEvents } from '../base/org-event.ts';
import { type Place, placeKey } from '../base/place.ts';
import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import type { Work } from '../base/work.ts';
import type { EmulatorClients } from '../emulator/clients.ts';
import type { Gateway } from '../gateway/start-gateway.ts';
import { writesEventBridge } from '../iam/event-policies.ts';
import { AwsError, awsError } from '../protocol/aws-error.ts';
import type { Call } from '../protocol/call.ts';
import { type EventPattern, matchesPattern, parseEventPattern } from './event-pattern.ts';

/** An event that an AWS service puts on the default bus. */
export interface ServiceEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface EventBridgeDependencies {
  readonly clients: EmulatorClients;
  readonly now: () => Date;
  readonly work: Work;
  readonly events: OrgEvents;
  readonly authorizeService: Gateway['authorizeService'];
}

/** Delivers the events of AWS services; rules, targets and buses are in the emulator. */
export interface EventBridge {
  /** Puts an event on the default bus; it is delivered in the background. */
  readonly put: (place: Place, event: ServiceEvent) => void;
  /** Receives every completed call; a write to EventBridge invalidates the cache. */
  readonly onCompleted: (call: Call) => void;
}

export const createEventBridge = (deps: EventBridgeDependencies): EventBridge => {
  const rules = createCache<readonly EventRule[]>();
  // Rules are only created by calls that pass here: without a PutRule there is nothing to read.
  const placesWithRules = new Set<string>();
  const rulesOn = async (bus: Bus): Promise<readonly EventRule[]> =>
    rules.read(placeKey(bus, bus.name), async () => readRules(deps.clients, bus));

  return {
    put: (place, event) => {
      if (!placesWithRules.has(placeKey(place))) return;
      deps.work.start(`delivering '${event.detailType}' of ${place.accountId}, ${place.region}`, async () => {
        await deliver(
          { ...deps, rulesOn },
          { ...place, name: 'default' },
          busEvent(place, event, deps.now()),
        );
      });
    },
    onCompleted: (call) => {
      if (!writesEventBridge(call)) return;
      if (call.operation === 'PutRule') placesWithRules.add(placeKey(call));
      rules.invalidate();
    },
  };
};

const EVENTS = 'events.amazonaws.com';

interface Bus extends Place {
  readonly name: string;
}

interface EventTarget {
  readonly arn: string;
  readonly roleArn: string | undefined;
  /** Fields that are not supported here, such as an input transformer. */
  readonly unsupported: readonly string[];
}

interface EventRule {
  readonly name: string;
  readonly arn: string;
  readonly pattern: EventPattern;
  readonly targets: readonly EventTarget[];
}

/** An event as rules match it and targets receive it. */
interface BusEvent extends Pick<ServiceEvent, 'source' | 'detail'> {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  /** Of the service, also after the event was forwarded to another account. */
  readonly account: string;
  readonly region: string;
  readonly time: string;
  readonly resources: readonly string[];
}

const busEvent = (place: Place, { source, detailType, detail }: ServiceEvent, now: Date): BusEvent => ({
  version: '0',
  id: randomUUID(),
  'detail-type': detailType,
  source,
  account: place.accountId,
  time: now.toISOString().replace(/\.\d+Z$/, 'Z'),
  region: place.region,
  resources: [],
  detail,
});

interface DeliveryContext extends EventBridgeDependencies {
  readonly rulesOn: (bus: Bus) => Promise<readonly EventRule[]>;
}

const deliver = async (context: DeliveryContext, bus: Bus, event: BusEvent): Promise<void> => {
  for (const rule of await context.rulesOn(bus)) {
    if (!matchesPattern(rule.pattern, event)) continue;
    for (const target of rule.targets) {
      await deliverToTarget(context, bus, rule, target, event);
    }
  }
};

const deliverToTarget = async (
  context: DeliveryContext,
  bus: Bus,
  rule: EventRule,
  target: EventTarget,
  event: BusEvent,
): Promise<void> => {
  const service = { service: EVENTS, sourceAccount: bus.accountId, sourceArn: rule.arn };
  try {
    if (target.unsupported.length > 0)
      throw notDelivered(
        `Not supported by the local organization: ${target.unsupported.join(', ')} of the target ${target.arn}.`,
      );
    const targetBus = parseBusArn(target.arn);
    if (targetBus === undefined) {
      await writeToLog(context, target, service, event);
      return;
    }
    if (event.account !== bus.accountId)
      throw notDelivered('An event of another account is not forwarded again.');
    const { roleArn } = target;
    if (roleArn === undefined) throw notDelivered(`The target ${target.arn} is a bus and needs a role.`);
    await context.authorizeService(
      {
        action: 'events:PutEvents',
        resource: target.arn,
        context: { 'events:source': event.source, 'events:detail-type': event['detail-type'] },
      },
      { ...service, roleArn },
    );
    await deliver(context, targetBus, event);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // AWS counts it in the metric FailedInvocations of the rule.
    context.events.emit({
      type: 'EventNotDelivered',
      place: { accountId: bus.accountId, region: bus.region },
      ruleName: rule.name,
      target: target.arn,
      reason: error.message,
    });
  }
};

/** Reads the enabled rules with an event pattern, and their targets. */
const readRules = async (clients: EmulatorClients, bus: Bus): Promise<readonly EventRule[]> => {
  const client = clients(EventBridgeClient, bus);
  const found: { readonly name: string; readonly pattern: string }[] = [];
  let NextToken: string | undefined;
  do {
    const answer = await undefinedIfNotFound(
      client.send(new ListRulesCommand({ EventBusName: bus.name, NextToken })),
      'ResourceNotFoundException',
    );
    if (answer === undefined)
      throw notDelivered(`There is no event bus ${bus.name} in ${bus.accountId}, ${bus.region}.`);
    for (const { Name: name = '', EventPattern: pattern, State } of answer.Rules ?? [])
      if (pattern !== undefined && State !== 'DISABLED') found.push({ name, pattern });
    ({ NextToken } = answer);
  } while (NextToken !== undefined);
  return Promise.all(found.map(async (rule) => readRule(client, bus, rule)));
};

const readRule = async (
  client: EventBridgeClient,
  bus: Bus,
  { name, pattern }: { readonly name: string; readonly pattern: string },
): Promise<EventRule> => {
  const { Targets = [] } = await client.send(
    new ListTargetsByRuleCommand({ EventBusName: bus.name, Rule: name }),
  );
  const path = bus.name === 'default' ? name : `${bus.name}/${name}`;
  return {
    name,
    arn: `arn:${partitionOf(bus.region)}:events:${bus.region}:${bus.accountId}:rule/${path}`,
    pattern: parseEventPattern(pattern),
    targets: Targets.map((target) => ({
      arn: target.Arn ?? '',
      roleArn: target.RoleArn,
      unsupported: Object.keys(target).filter((field) => !SUPPORTED_FIELDS.has(field)),
    })),
  };
};

/** The fields of a target that are supported here. */
const SUPPORTED_FIELDS: ReadonlySet<string> = new Set(['Id', 'Arn', 'RoleArn']);

const parseBusArn = (arn: string): Bus | undefined => {
  const [, region = '', accountId = '', name = ''] =
    /^arn:[^:]+:events:([^:]+):([^:]+):event-bus\/(.+)$/.exec(arn) ?? [];
  return name === '' ? undefined : { region, accountId, name };
};

const writeToLog = async (
  { clients, authorizeService }: EventBridgeDependencies,
  { arn }: EventTarget,
  service: Parameters<Gateway['authorizeService']>[1],
  event: BusEvent,
): Promise<void> => {
  const [, region = '', accountId = '', logGroupName = ''] =
    /^arn:[^:]+:logs:([^:]+):([^:]+):log-group:([^:]+)(?::\*)?$/.exec(arn) ?? [];
  if (logGroupName === '')
    throw notDelivered(
      `Not supported by the local organization: target ${arn}. Use an event bus or a log group.`,
    );
  const logStreamName = event.id;
  const resource = `${arn.replace(/:\*$/, '')}:log-stream:${logStreamName}`;
  for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents'] as const) {
    await authorizeService({ action, resource }, service);
  }
  const client = clients(CloudWatchLogsClient, { accountId, region });
  const created = await undefinedIfNotFound(
    client.send(new CreateLogStreamCommand({ logGroupName, logStreamName })),
    'ResourceNotFoundException',
  );
  if (created === undefined) throw notDelivered(`There is no log group ${logGroupName}.`);
  // The real time: the emulator rejects log events of another time.
  const logEvents = [{ timestamp: Date.now(), message: JSON.stringify(event) }];
  await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
};

const notDelivered = (message: string): AwsError => awsError('EventNotDelivered', message);
