import { DescribeInstancesCommand, EC2Client, type DescribeInstancesCommandInput } from '@aws-sdk/client-ec2';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { describeInstance, isTerminated, sharedInstances } from '../src/index.ts';

test('the instances of a Region are listed with all pages and reservations, once for all rules', async () => {
  const session = fakeSession({
    allow: ['ec2:DescribeInstances'],
    answers: [
      on(EC2Client, DescribeInstancesCommand, ({ NextToken }: DescribeInstancesCommandInput) =>
        NextToken === undefined
          ? {
              Reservations: [{ Instances: [{ InstanceId: 'i-1' }, { InstanceId: 'i-2' }] }, {}],
              NextToken: 'next',
            }
          : { Reservations: [{ Instances: [{ InstanceId: 'i-3' }] }] },
      ),
    ],
  });
  const [instances, again] = await Promise.all([sharedInstances(session), sharedInstances(session)]);
  expect(instances.map(({ InstanceId }) => InstanceId)).toEqual(['i-1', 'i-2', 'i-3']);
  expect(again).toBe(instances);
  expect(session.sent).toHaveLength(2);
});

test('an instance that EC2 does not find is gone, and any other error is one', async () => {
  const failing = (code: string) =>
    fakeSession({
      allow: ['ec2:DescribeInstances'],
      answers: [
        on(EC2Client, DescribeInstancesCommand, () => {
          throw awsError(code);
        }),
      ],
    });
  await expect(describeInstance('i-1', failing('InvalidInstanceID.NotFound'))).resolves.toBeUndefined();
  await expect(describeInstance('i-1', failing('UnauthorizedOperation'))).rejects.toThrow('Unauthorized');
});

test.each([
  ['terminated', true],
  ['shutting-down', true],
  ['pending', false],
  ['running', false],
  ['stopping', false],
  ['stopped', false],
  [undefined, false],
])('an instance in state %s never runs again: %s', (state, expected) => {
  expect(isTerminated(state)).toBe(expected);
});
