import { randomUUID } from 'node:crypto';

import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, ListRulesCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';

import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import type { EmulatorClients } from '../emulator/clients.ts';
import { AwsError, awsError } from '../protocol/aws-error.ts';
import type { Call } from '../protocol/call.ts';
import type { Gateway } from '../gateway/start-gateway.ts';
import { writesEventBridge } from '../iam/event-policies.ts';
import type { OrgEvents } from '../base/org-event.ts';
import { partitionOf, type Place, placeKey } from '../base/place.ts';
import { createCache } from '../base/cache.ts';
import type { Work } from '../base/work.ts';
import { type EventPattern, matchesPattern, parseEventPattern } from './event-pattern.ts';

/** What a service of AWS tells EventBridge. */
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

/** EventBridge as far as services of AWS put events on it; rules, targets and buses are kept by the emulator. */
export interface EventBridge {
  /** An event arrives on the default bus; delivered in the background. */
  readonly put: (place: Place, event: ServiceEvent) => void;
  /** To be told of every call that passed: a write to EventBridge makes what we read stale. */
  readonly onCompleted: (call: Call) => void;
}

export const createEventBridge = (deps: EventBridgeDependencies): EventBridge => {
  const remembered = createCache<readonly EventRule[]>();
  // Every rule came by a call that passed: where none was put, nobody need ask.
  const places = new Set<string>();

  const rulesOn = async (bus: Bus): Promise<readonly EventRule[]> =>
    remembered.read(`${placeKey(bus)}/${bus.name}`, async () => readRules(deps.clients, bus));

  const deliver = async (bus: Bus, event: BusEvent): Promise<void> => {
    for (const rule of await rulesOn(bus)) {
      if (!matchesPattern(rule.pattern, event)) continue;
      for (const target of rule.targets) {
        await handOn(bus, rule, target, event);
      }
    }
  };

  const handOn = async (bus: Bus, rule: EventRule, target: EventTarget, event: BusEvent): Promise<void> => {
    const by = { service: EVENTS, sourceAccount: bus.accountId, sourceArn: rule.arn };
    try {
      if (target.more.length > 0)
        throw refused(`The local organization does not know ${target.more.join(', ')} of a target.`);
      const next = busIn(target.arn);
      if (next === undefined) {
        await writeToLog(deps, target, by, event);
        return;
      }
      if (event.account !== bus.accountId)
        throw refused('An event of another account is not forwarded again.');
      if (target.roleArn === undefined) throw refused('A target that is a bus needs a role.');
      await deps.authorizeService(
        { action: 'events:PutEvents', resource: target.arn },
        { ...by, roleArn: target.roleArn },
      );
      await deliver(next, event);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      // AWS counts it among the FailedInvocations of the rule.
      deps.events.emit({
        type: 'EventNotDelivered',
        place: { accountId: bus.accountId, region: bus.region },
        ruleName: rule.name,
        target: target.arn,
        reason: error.message,
      });
    }
  };

  return {
    put: (place, { source, detailType, detail }) => {
      if (!places.has(placeKey(place))) return;
      deps.work.start(`delivering '${detailType}' of ${place.accountId}, ${place.region}`, async () => {
        await deliver(
          { ...place, name: 'default' },
          {
            version: '0',
            id: randomUUID(),
            'detail-type': detailType,
            source,
            account: place.accountId,
            time: deps
              .now()
              .toISOString()
              .replace(/\.\d+Z$/, 'Z'),
            region: place.region,
            resources: [],
            detail,
          },
        );
      });
    },
    onCompleted: (call) => {
      if (!writesEventBridge(call)) return;
      if (call.operation === 'PutRule') places.add(placeKey(call));
      remembered.invalidate();
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
  /** What else was said of it, as how to transform the event. */
  readonly more: readonly string[];
}

interface EventRule {
  readonly name: string;
  readonly arn: string;
  readonly pattern: EventPattern;
  readonly targets: readonly EventTarget[];
}

/** An event as rules match it and targets get it. */
interface BusEvent extends Pick<ServiceEvent, 'source' | 'detail'> {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  /** Where it happened, also after it was forwarded. */
  readonly account: string;
  readonly region: string;
  readonly time: string;
  readonly resources: readonly string[];
}

/** Rules that wait for events, with their targets; scheduled and disabled ones left out. */
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
      throw refused(`There is no event bus ${bus.name} in ${bus.accountId}, ${bus.region}.`);
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
      more: Object.keys(target).filter((argument) => !KNOWN.has(argument)),
    })),
  };
};

/** What is said of a target and heeded here. */
const KNOWN: ReadonlySet<string> = new Set(['Id', 'Arn', 'RoleArn']);

const busIn = (arn: string): Bus | undefined => {
  const [, region = '', accountId = '', name = ''] =
    /^arn:[^:]+:events:([^:]+):([^:]+):event-bus\/(.+)$/.exec(arn) ?? [];
  return name === '' ? undefined : { region, accountId, name };
};

const writeToLog = async (
  { clients, authorizeService }: EventBridgeDependencies,
  { arn }: EventTarget,
  by: Parameters<Gateway['authorizeService']>[1],
  event: BusEvent,
): Promise<void> => {
  const [, region = '', accountId = '', logGroupName = ''] =
    /^arn:[^:]+:logs:([^:]+):([^:]+):log-group:([^:]+)(?::\*)?$/.exec(arn) ?? [];
  if (logGroupName === '')
    throw refused('The local organization delivers events to event buses and log groups only.');
  const logStreamName = event.id;
  const resource = `${arn.replace(/:\*$/, '')}:log-stream:${logStreamName}`;
  for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents'] as const) {
    await authorizeService({ action, resource }, by);
  }
  const client = clients(CloudWatchLogsClient, { accountId, region });
  const created = await undefinedIfNotFound(
    client.send(new CreateLogStreamCommand({ logGroupName, logStreamName })),
    'ResourceNotFoundException',
  );
  if (created === undefined) throw refused(`There is no log group ${logGroupName}.`);
  // By the emulator's clock: it takes no line of another time.
  const logEvents = [{ timestamp: Date.now(), message: JSON.stringify(event) }];
  await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
};

const refused = (message: string): AwsError => awsError('EventNotDelivered', message);
