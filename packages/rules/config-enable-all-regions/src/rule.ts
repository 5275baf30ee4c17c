import { ConfigServiceClient, StopConfigurationRecorderCommand } from '@aws-sdk/client-config-service';
import {
  ACCOUNT_TYPE,
  compliant,
  defineRule,
  nonCompliant,
  observeAccount,
  operation,
} from '@compliance/core/rule';

import { gapsOf } from './gaps.ts';
import { Parameters } from './parameters.ts';
import { Facts, observeRecorders } from './recorders.ts';
import { inWords, startRecorders } from './start-recorders.ts';

const READS = [
  'ec2:DescribeRegions',
  'config:DescribeConfigurationRecorders',
  'config:DescribeConfigurationRecorderStatus',
  'config:DescribeDeliveryChannels',
];

const RECORDERS = 'arn:*:config:*:*:configuration-recorder/*';

export const rule = defineRule({
  command: 'CONFIG_ENABLE_ALL_REGIONS',
  title: 'AWS Config records all resource types in every enabled Region',
  rationale: 'What is not recorded has no history, and no rule sees its changes.',
  severity: 'critical',
  resourceType: ACCOUNT_TYPE,
  // A Region without AWS Config runs no rule, so one Region looks at all of them.
  deploy: 'home-region',
  triggers: ['schedule'],
  controls: {
    'cis-1.2': ['2.5'],
    'cis-1.3': ['3.5'],
    'cis-1.4': ['3.5'],
    'cis-1.5': ['3.5'],
    'cis-2.0': ['3.5'],
    'cis-3.0': ['3.3'],
    'cis-4.0': ['3.3'],
    'cis-4.0.1': ['3.3'],
    'cis-5.0': ['3.3'],
    'cis-6.0': ['4.3'],
    'cis-7.0': ['4.3'],
    'aws-fsbp': ['Config.1'],
  },
  equivalents: {
    securityHub: ['Config.1'],
    prowler: ['config_recorder_all_regions_enabled'],
    steampipe: ['config_enabled_all_regions'],
    custodian: ['account: check-config'],
  },
  parameters: Parameters,
  facts: Facts,
  permissions: {
    list: READS,
    get: READS,
    fix: [{ action: 'config:StartConfigurationRecorder', resource: RECORDERS }],
    undo: [{ action: 'config:StopConfigurationRecorder', resource: RECORDERS }],
  },

  observe: observeAccount(
    (session) => observeRecorders(session, 'live'),
    (session) => observeRecorders(session, 'shared'),
  ),

  judge: (facts, { parameters }) => {
    const gaps = gapsOf(facts, parameters);
    if (gaps.length === 0) return compliant();
    return nonCompliant(`AWS Config does not record everything: ${inWords(gaps, SHOWN)}.`);
  },

  fix: ({ facts, parameters }) => startRecorders(gapsOf(facts, parameters)),

  undo: { operations: [operation(ConfigServiceClient, StopConfigurationRecorderCommand)] },
});

const SHOWN = 3;
