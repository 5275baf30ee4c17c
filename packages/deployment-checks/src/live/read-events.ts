import { CloudWatchLogsClient, DescribeResourcePoliciesCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeEventBusCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge';
import type { Session } from '@compliance/core';
import { CHANGES_LOG_GROUP, CHANGES_RULE, EVENT_BUS } from '@compliance/infra';

import { DEFAULT_BUS, type DeployedEventRule, type DeployedLogPolicy } from '../model/deployment.ts';
import { parseJson } from '../model/parse-json.ts';
import { parsePolicyDocument } from '../model/policy-document.ts';
import { allPages } from './all-pages.ts';
import { undefinedIfNotFound, type Fragment } from './fragment.ts';
import { logGroupsIn } from './read-stores.ts';

/** Reads the rules that forward compliance changes from a Region. */
export const readForwarding = async (session: Session): Promise<Fragment> => {
  const { accountId, region } = session;
  return {
    eventRules: await rulesOf(session, DEFAULT_BUS),
    coverage: [{ part: 'forwarding', accountId, region }],
  };
};

/** Reads the bus of compliance changes, its rule and its log. */
export const readChanges = async (home: Session): Promise<Fragment> => {
  const { accountId, region } = home;
  const bus = await undefinedIfNotFound(
    home.client(EventBridgeClient).send(new DescribeEventBusCommand({ Name: EVENT_BUS })),
    'ResourceNotFoundException',
  );
  const policy = parsePolicyDocument(bus?.Policy ?? { Statement: [] });
  return {
    eventBuses: bus ? [{ accountId, region, name: EVENT_BUS, policy }] : [],
    eventRules: bus ? await rulesOf(home, EVENT_BUS) : [],
    logGroups: await logGroupsIn(home, [CHANGES_LOG_GROUP]),
    logPolicies: await logPoliciesIn(home),
    coverage: [{ part: 'changes', accountId, region }],
  };
};

const rulesOf = async (session: Session, bus: string): Promise<readonly DeployedEventRule[]> => {
  const { accountId, region } = session;
  const client = session.client(EventBridgeClient);
  const rules = await allPages(async (NextToken) => {
    const request = { EventBusName: bus, NamePrefix: CHANGES_RULE, NextToken };
    const { Rules = [], NextToken: next } = await client.send(new ListRulesCommand(request));
    return { items: Rules, next };
  });
  return Promise.all(
    rules.map(async ({ Name: name = '', State, EventPattern }) => {
      const targets = await allPages(async (NextToken) => {
        const request = { EventBusName: bus, Rule: name, NextToken };
        const { Targets = [], NextToken: next } = await client.send(new ListTargetsByRuleCommand(request));
        return { items: Targets, next };
      });
      return {
        accountId,
        region,
        name,
        bus,
        enabled: State !== 'DISABLED',
        pattern: parseJson(EventPattern),
        targets: targets.map(({ Arn: arn = '', RoleArn: roleArn }) => ({ arn, roleArn })),
      };
    }),
  );
};

const logPoliciesIn = async (home: Session): Promise<readonly DeployedLogPolicy[]> => {
  const { accountId, region } = home;
  const client = home.client(CloudWatchLogsClient);
  const policies = await allPages(async (nextToken) => {
    const request = new DescribeResourcePoliciesCommand({ nextToken });
    const { resourcePolicies = [], nextToken: next } = await client.send(request);
    return { items: resourcePolicies, next };
  });
  return policies.map(({ policyName: name = '', policyDocument }) => ({
    accountId,
    region,
    name,
    document: parsePolicyDocument(policyDocument),
  }));
};
