import {
  ConfigServiceClient,
  DescribeConfigurationRecorderStatusCommand,
} from '@aws-sdk/client-config-service';
import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { enabledRegions, recorderStatus } from '../src/index.ts';

const account = () =>
  fakeSession({
    allow: ['ec2:DescribeRegions', 'config:DescribeConfigurationRecorderStatus'],
    answers: [
      on(EC2Client, DescribeRegionsCommand, () => ({
        Regions: [{ RegionName: 'us-east-1' }, {}, { RegionName: 'eu-west-1' }],
      })),
      on(ConfigServiceClient, DescribeConfigurationRecorderStatusCommand, () => ({})),
    ],
  });

test('the Regions of an account are listed once for all rules of a sweep, in order', async () => {
  const session = account();
  for (const region of ['eu-west-1', 'us-east-1'])
    await expect(enabledRegions(session.at(region), 'shared')).resolves.toEqual(['eu-west-1', 'us-east-1']);
  expect(session.sent).toHaveLength(1);
});

test('recorders are asked for once in each Region, and a Region without any has none', async () => {
  const session = account();
  for (const region of ['eu-west-1', 'eu-west-1', 'us-east-1'])
    await expect(recorderStatus(session.at(region), 'shared')).resolves.toEqual([]);
  expect(session.sent).toHaveLength(2);
});

test('what decides about a fix is read again', async () => {
  const session = account();
  for (const reads of ['shared', 'live'] as const) {
    await enabledRegions(session, reads);
    await recorderStatus(session, reads);
  }
  expect(session.sent).toHaveLength(4);
});
