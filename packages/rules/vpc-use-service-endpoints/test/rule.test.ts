import {
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { AccountId, type CallStep } from '@compliance/core';
import { fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import type { Facts } from '../src/observe.ts';
import { deleteEndpoints } from '../src/fix-gaps.ts';
import { rule } from '../src/rule.ts';

const accountId = AccountId.parse('111122223333');
const resource = { resourceType: 'AWS::EC2::VPC', resourceId: 'vpc-1' };
const context = (parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId,
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20'),
});

const s3 = { service: 'com.amazonaws.eu-west-1.s3', gateway: true, routeTables: ['rtb-1'] };
const facts = (more: Partial<Facts> = {}): Facts => ({
  ownerId: accountId,
  isDefault: false,
  tagKeys: [],
  routeTables: ['rtb-1', 'rtb-2'],
  endpoints: [s3],
  ...more,
});

test.for([
  [
    'an endpoint that does not serve all route tables and a missing one',
    facts(),
    'The VPC has no endpoint of dynamodb. The endpoint of s3 does not serve rtb-2.',
  ],
  [
    'an endpoint of a service whose name only ends alike',
    facts({ endpoints: [{ ...s3, service: 'com.amazonaws.eu-west-1.not-s3' }] }),
    'The VPC has no endpoint of s3, dynamodb.',
  ],
] as const)('a VPC with %s is NON_COMPLIANT', ([, seen, annotation]) => {
  expect(rule.judge(seen, context())).toEqual({ complianceType: 'NON_COMPLIANT', annotation });
});

test.for([
  ['that another account shares', facts({ ownerId: '444455556666' }), {}],
  ['without the tag of the settings', facts(), { inScopeVpcTag: 'private' }],
  ['that is the default one', facts({ isDefault: true }), {}],
] as const)('a VPC %s is NOT_APPLICABLE', ([, seen, parameters]) => {
  expect(rule.judge(seen, context(parameters))).toMatchObject({ complianceType: 'NOT_APPLICABLE' });
});

test('a default VPC is judged where the settings say so', () => {
  expect(rule.judge(facts({ isDefault: true }), context({ excludeDefaultVpcs: false }))).toMatchObject({
    complianceType: 'NON_COMPLIANT',
  });
});

test('only available endpoints count, and a subnet without a table of its own routes by the main one', async () => {
  const ownVpc = { VpcId: 'vpc-1' };
  const session = fakeSession({
    allow: rule.permissions.list,
    answers: [
      on(EC2Client, DescribeVpcsCommand, () => ({
        Vpcs: [
          { ...ownVpc, OwnerId: accountId },
          { VpcId: 'vpc-2', OwnerId: accountId },
        ],
      })),
      on(EC2Client, DescribeSubnetsCommand, () => ({
        Subnets: [
          { ...ownVpc, SubnetId: 'subnet-1' },
          { ...ownVpc, SubnetId: 'subnet-2' },
        ],
      })),
      on(EC2Client, DescribeRouteTablesCommand, () => ({
        RouteTables: [
          { ...ownVpc, RouteTableId: 'rtb-main', Associations: [{ Main: true, RouteTableId: 'rtb-main' }] },
          {
            ...ownVpc,
            RouteTableId: 'rtb-1',
            Associations: [{ SubnetId: 'subnet-1', RouteTableId: 'rtb-1' }],
          },
          { ...ownVpc, RouteTableId: 'rtb-unused' },
        ],
      })),
      on(EC2Client, DescribeVpcEndpointsCommand, () => ({
        VpcEndpoints: [
          {
            ...ownVpc,
            ServiceName: s3.service,
            VpcEndpointType: 'Gateway' as const,
            State: 'Pending' as const,
          },
          {
            ...ownVpc,
            ServiceName: 'com.amazonaws.eu-west-1.dynamodb',
            VpcEndpointType: 'Gateway' as const,
            State: 'Available' as const,
            RouteTableIds: ['rtb-1'],
          },
        ],
      })),
    ],
  });
  const [first, second] = await Array.fromAsync(rule.observe.list({ session }));
  expect(first).toMatchObject({
    facts: {
      routeTables: ['rtb-1', 'rtb-main'],
      endpoints: [{ service: 'com.amazonaws.eu-west-1.dynamodb', routeTables: ['rtb-1'] }],
    },
  });
  expect(second).toMatchObject({ facts: { routeTables: [], endpoints: [] } });
});

test('a fix adds route tables to the endpoint that exists, and creates the missing one', () => {
  const fix = rule.fix?.({
    ...context(),
    resource,
    facts: facts(),
    handles: { gateways: { [s3.service]: 'vpce-1' } },
  });
  if (!fix || 'manual' in fix) throw new Error('Expected a change.');
  expect(fix.steps.map((step) => (step as CallStep).input)).toEqual([
    { VpcEndpointId: 'vpce-1', AddRouteTableIds: ['rtb-2'] },
    {
      VpcId: 'vpc-1',
      ServiceName: 'com.amazonaws.eu-west-1.dynamodb',
      VpcEndpointType: 'Gateway',
      RouteTableIds: ['rtb-1', 'rtb-2'],
    },
  ]);
});

test('an undo that deletes nothing is a failure, although EC2 answers 200', () => {
  const Unsuccessful = [{ ResourceId: 'vpce-1', Error: { Code: 'InUse', Message: 'no' } }];
  expect(deleteEndpoints.refused?.({ Unsuccessful })).toBe('InUse: no');
  expect(deleteEndpoints.refused?.({ Unsuccessful: [] })).toBeUndefined();
});
