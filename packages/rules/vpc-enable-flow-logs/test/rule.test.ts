import {
  CreateFlowLogsCommand,
  DescribeFlowLogsCommand,
  DescribeVpcsCommand,
  EC2Client,
  DescribeSubnetsCommand,
  type DescribeFlowLogsCommandInput,
  type DescribeVpcsCommandInput,
  type FlowLog,
} from '@aws-sdk/client-ec2';
import { AccountId, parametersOf, policyOf, remediateGrants, type Change } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import { observationOf, type VpcFacts } from '../src/flow-logs.ts';
import { vpcEnableFlowLogs as rule } from '../src/rule.ts';

const ME = '111122223333';
const resource = { resourceType: 'AWS::EC2::VPC', resourceId: 'vpc-1' };
const place = { accountId: AccountId.parse(ME), region: 'eu-west-1', partition: 'aws' };
const contextWith = (parameters: object = {}) => ({
  ...place,
  parameters: parametersOf(rule, { parameters: { ...parameters } }, place),
  now: new Date('2026-11-20T12:00:00Z'),
});

const working = (TrafficType: 'ACCEPT' | 'REJECT' | 'ALL'): FlowLog => ({
  FlowLogStatus: 'ACTIVE',
  DeliverLogsStatus: 'SUCCESS',
  TrafficType,
});
const observed = (...ofVpc: FlowLog[]) => observationOf(ME, { ofVpc, ofSubnets: [] });
const factsOf = (...flowLogs: FlowLog[]): VpcFacts => observed(...flowLogs).facts;

describe('judge', () => {
  test.each([
    ['REJECT', 'REJECT'],
    ['ALL', 'REJECT'],
    ['ALL', 'ALL'],
    ['ACCEPT', 'ANY'],
  ] as const)('%s traffic is enough where %s is required', (captured, trafficType) => {
    expect(rule.judge(factsOf(working(captured)), contextWith({ trafficType }))).toEqual({
      complianceType: 'COMPLIANT',
    });
  });

  test('flow logs of accepted and of rejected traffic together log all traffic', () => {
    const facts = factsOf(working('ACCEPT'), working('REJECT'));
    expect(rule.judge(facts, contextWith({ trafficType: 'ALL' }))).toEqual({ complianceType: 'COMPLIANT' });
  });

  test.each([
    ['a VPC without a flow log', [], {}, 'Rejected traffic is not logged: the VPC has no flow log.'],
    [
      'a flow log of accepted traffic',
      [working('ACCEPT')],
      {},
      'Rejected traffic is not logged: found ACCEPT.',
    ],
    [
      'a flow log of rejected traffic where all is required',
      [working('REJECT')],
      { trafficType: 'ALL' },
      'Not all traffic is logged: found REJECT.',
    ],
    [
      'an ACTIVE flow log whose destination refuses it',
      [{ ...working('ALL'), DeliverLogsErrorMessage: 'Access error' }],
      {},
      'Rejected traffic is not logged: found ALL (Access error).',
    ],
    [
      'an ACTIVE flow log with an internal error, which does not prove a delivery,',
      [{ ...working('ALL'), DeliverLogsErrorMessage: 'Unknown error' }],
      {},
      'Rejected traffic is not logged: found ALL (Unknown error).',
    ],
    [
      'a flow log whose delivery fails without a reason',
      [{ ...working('ALL'), DeliverLogsStatus: 'FAILED' }],
      { trafficType: 'ANY' },
      'No traffic is logged: found ALL (delivery FAILED).',
    ],
    [
      'a flow log that is not ACTIVE',
      [{ ...working('ALL'), FlowLogStatus: 'INACTIVE' }],
      {},
      'Rejected traffic is not logged: found ALL (status INACTIVE).',
    ],
    [
      'a VPC with many flow logs of accepted traffic',
      Array.from({ length: 9 }, () => working('ACCEPT')),
      {},
      'Rejected traffic is not logged: found ACCEPT, ACCEPT, ACCEPT and 6 more.',
    ],
  ] as const)('%s is NON_COMPLIANT', (_, flowLogs, parameters, annotation) => {
    expect(rule.judge(factsOf(...flowLogs), contextWith(parameters))).toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation,
    });
  });

  const bySubnets = (...ofSubnets: FlowLog[][]) =>
    rule.judge(observationOf(ME, { ofVpc: [working('ACCEPT')], ofSubnets }).facts, contextWith());

  test('flow logs of all subnets cover a VPC, and those of some do not', () => {
    expect(bySubnets([working('REJECT')], [working('ALL')])).toEqual({ complianceType: 'COMPLIANT' });
    for (const ofSecond of [[], [working('ACCEPT')], [{ ...working('ALL'), FlowLogStatus: 'INACTIVE' }]])
      expect(bySubnets([working('ALL')], ofSecond)).toMatchObject({ complianceType: 'NON_COMPLIANT' });
  });

  test('a VPC that another account shares is NOT_APPLICABLE', () => {
    const { facts } = observationOf('999988887777', { ofVpc: [], ofSubnets: [] });
    expect(rule.judge(facts, contextWith())).toEqual({
      complianceType: 'NOT_APPLICABLE',
      annotation: 'Account 999988887777 owns this shared VPC and alone can log its traffic.',
    });
  });
});

describe('a flow log that CloudWatch Logs throttles', () => {
  test.each(['SUCCESS', 'FAILED'])(
    'a throttled flow log with deliveries %s has the facts of a working one, so that its verdict does not flap',
    (DeliverLogsStatus) => {
      const throttled = { ...working('ALL'), DeliverLogsStatus, DeliverLogsErrorMessage: 'Rate limited' };
      expect(observed(throttled)).toEqual(observed(working('ALL')));
      expect(rule.judge(factsOf(throttled), contextWith())).toEqual({ complianceType: 'COMPLIANT' });
    },
  );

  test('a throttled flow log that is not ACTIVE is NON_COMPLIANT', () => {
    const stopped: FlowLog = {
      ...working('ALL'),
      FlowLogStatus: 'INACTIVE',
      DeliverLogsErrorMessage: 'Rate limited',
    };
    expect(rule.judge(factsOf(stopped), contextWith())).toMatchObject({ complianceType: 'NON_COMPLIANT' });
  });

  test('a throttled flow log of accepted traffic does not keep the fix from its destination', () => {
    const throttled: FlowLog = {
      ...working('ACCEPT'),
      LogGroupName: '/vpc',
      DeliverLogsErrorMessage: 'Rate limited',
    };
    expect(observed(throttled).handles).toEqual({ failingDestinations: [] });
  });
});

test('facts do not depend on the order in which EC2 lists flow logs', () => {
  expect(factsOf(working('REJECT'), working('ALL'))).toEqual(factsOf(working('ALL'), working('REJECT')));
});

describe('observe', () => {
  /** A stateful fake: the emulator has no shared VPCs and a single page. */
  const ec2 = (vpcs: Readonly<Record<string, { ownerId?: string; flowLogs?: FlowLog[] }>>) =>
    fakeSession({
      allow: rule.permissions.list,
      answers: [
        on(
          EC2Client,
          DescribeVpcsCommand,
          ({ VpcIds = Object.keys(vpcs), NextToken }: DescribeVpcsCommandInput) => {
            const [id = '', ...others] = NextToken === undefined ? VpcIds : [NextToken];
            const vpc = vpcs[id];
            if (!vpc) throw awsError('InvalidVpcID.NotFound');
            return { Vpcs: [{ VpcId: id, OwnerId: vpc.ownerId ?? ME }], NextToken: others[0] };
          },
        ),
        on(EC2Client, DescribeSubnetsCommand, () => ({ Subnets: [] })),
        on(EC2Client, DescribeFlowLogsCommand, ({ Filter }: DescribeFlowLogsCommandInput) => ({
          FlowLogs: Object.entries(vpcs)
            .filter(([id]) => !Filter || Filter[0]?.Values?.includes(id))
            .flatMap(([ResourceId, { flowLogs = [] }]) =>
              flowLogs.map((flowLog) => ({ ...flowLog, ResourceId })),
            ),
        })),
      ],
    });

  test('all pages of VPCs are listed with one read of the flow logs, and with the facts of get', async () => {
    const session = ec2({ 'vpc-1': { flowLogs: [working('ALL')] }, 'vpc-2': { ownerId: '999988887777' } });
    const listed = await Array.fromAsync(rule.observe.list({ session }));
    expect(listed.map(({ resource: { resourceId } }) => resourceId)).toEqual(['vpc-1', 'vpc-2']);
    expect(session.sent.map(({ operation }) => operation)).toEqual([
      'DescribeFlowLogs',
      'DescribeVpcs',
      'DescribeVpcs',
    ]);
    for (const { resource: found, ...seen } of listed) {
      const got = await rule.observe.get(found, { session });
      expect(seen).toEqual(got);
    }
  });

  test('a VPC that may not be read is an error, not a verdict', async () => {
    const session = fakeSession({ allow: [], answers: [] });
    await expect(rule.observe.get(resource, { session })).rejects.toThrow('ec2:DescribeVpcs');
  });
});

describe('fix', () => {
  const fix = (parameters: object, ...flowLogs: FlowLog[]) => {
    const { facts, handles } = observed(...flowLogs);
    return rule.fix?.({ ...contextWith(parameters), resource, facts, handles });
  };
  const inputOf = (parameters: object) => {
    const found = fix(parameters);
    if (!found || 'manual' in found) return expect.fail('a change was expected');
    return found.steps.map((step) => (step.type === 'call' ? step.input : undefined))[0];
  };
  const bucket = { logDestinationType: 's3', logDestination: 'arn:aws:s3:::logs-{region}/vpc' };
  const group = { logDestination: '/vpc', deliverLogsPermissionArn: 'arn:aws:iam::{accountId}:role/logs' };

  test.each([
    ['a missing destination', {}, 'logDestination'],
    ['a missing role for a log group', { logDestination: '/vpc' }, 'deliverLogsPermissionArn'],
  ])('%s is left to a person', (_, parameters, missing) => {
    expect(fix(parameters)).toEqual({ manual: expect.stringContaining(missing) });
  });

  test('a bucket is named with the Region of the VPC', () => {
    expect(inputOf(bucket)).toEqual({
      ResourceType: 'VPC',
      ResourceIds: ['vpc-1'],
      TrafficType: 'REJECT',
      MaxAggregationInterval: 600,
      LogDestinationType: 's3',
      LogDestination: 'arn:aws:s3:::logs-eu-west-1/vpc',
    });
  });

  test('a destination is expanded once, with the settings: AWS’s own ${region} stays', () => {
    const logDestination = 'arn:aws:s3:::logs-{region}/${region}';
    expect(inputOf({ ...bucket, logDestination })).toMatchObject({
      LogDestination: 'arn:aws:s3:::logs-eu-west-1/${region}',
    });
  });

  test.each([
    ['/vpc', { LogGroupName: '/vpc' }],
    [
      'arn:aws:logs:{region}:{accountId}:log-group:/vpc',
      {
        LogDestination: `arn:aws:logs:eu-west-1:${ME}:log-group:/vpc`,
      },
    ],
  ])('a log group has its role: %s', (logDestination, expected) => {
    expect(inputOf({ ...group, logDestination, trafficType: 'ALL' })).toMatchObject({
      ...expected,
      TrafficType: 'ALL',
      LogDestinationType: 'cloud-watch-logs',
      DeliverLogsPermissionArn: `arn:aws:iam::${ME}:role/logs`,
    });
  });

  test.each([
    ['by name', { LogGroupName: '/vpc' }],
    ['by ARN', { LogDestination: `arn:aws:logs:eu-west-1:${ME}:log-group:/vpc:*` }],
  ])('a destination that refuses a flow log, known %s, is left to a person', (_, where) => {
    const failing = { ...working('ALL'), ...where, DeliverLogsErrorMessage: 'Access error' } as const;
    expect(fix(group, failing)).toEqual({ manual: expect.stringContaining('/vpc') });
  });

  describe('the answer of CreateFlowLogs', () => {
    const stepOf = () => {
      const [step] = (fix(bucket) as Change).steps;
      return step?.type === 'call' ? step : expect.fail('a call was expected');
    };

    test('an answer 200 that lists the VPC as unsuccessful is a failure', () => {
      const Unsuccessful = [{ ResourceId: 'vpc-1', Error: { Code: '400', Message: 'no such bucket' } }];
      expect(stepOf().operation.refused?.({ Unsuccessful })).toBe('400: no such bucket');
      expect(stepOf().operation.refused?.({ FlowLogIds: ['fl-1'], Unsuccessful: [] })).toBeUndefined();
    });

    test('an existing flow log is nothing to do, thrown or answered', () => {
      const Unsuccessful = [{ Error: { Code: 'FlowLogAlreadyExists', Message: 'it is there' } }];
      expect(() => stepOf().operation.refused?.({ Unsuccessful })).toThrow(
        expect.objectContaining({ name: 'FlowLogAlreadyExists' }),
      );
      expect(stepOf().alreadyDone).toContain('FlowLogAlreadyExists');
    });

    test('the answer of CreateFlowLogs names what an undo deletes', () => {
      const { undo } = stepOf();
      expect(typeof undo === 'function' && undo({ FlowLogIds: ['fl-7'] })).toMatchObject({
        operation: { name: 'DeleteFlowLogs' },
        input: { FlowLogIds: ['fl-7'] },
        alreadyDone: ['InvalidFlowLogId.NotFound'],
      });
    });
  });

  test('a fix calls only what its rule declares', async () => {
    const session = fakeSession({
      allow: rule.permissions.fix,
      answers: [on(EC2Client, CreateFlowLogsCommand, () => ({ FlowLogIds: ['fl-1'] }))],
    });
    for (const step of (fix(bucket) as Change).steps)
      if (step.type === 'call') await step.operation.send(step.input, session);
    expect(session.sent).toHaveLength(1);
  });
});

test('roles are passed to flow logs only, and the grants leave room in a session policy', () => {
  const { Statement } = policyOf(remediateGrants(rule));
  expect(Statement.find(({ Action }) => Action.includes('iam:PassRole'))).toMatchObject({
    Condition: { StringEquals: { 'iam:PassedToService': 'vpc-flow-logs.amazonaws.com' } },
  });
  expect(JSON.stringify(Statement).length).toBeLessThan(1400);
});
