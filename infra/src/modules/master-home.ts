import { CloudwatchDashboard } from '@cdktn/provider-aws/lib/cloudwatch-dashboard/index.js';
import { ConfigConfigurationAggregator } from '@cdktn/provider-aws/lib/config-configuration-aggregator/index.js';
import { DynamodbResourcePolicy } from '@cdktn/provider-aws/lib/dynamodb-resource-policy/index.js';
import { DynamodbTable } from '@cdktn/provider-aws/lib/dynamodb-table/index.js';
import { S3BucketObjectLockConfigurationA } from '@cdktn/provider-aws/lib/s3-bucket-object-lock-configuration/index.js';
import { SsmParameter } from '@cdktn/provider-aws/lib/ssm-parameter/index.js';
import { defined, type Settings } from '@compliance/core';
import { TABLE_KEYS } from '@compliance/core/state/dynamodb-table';
import { Token, type TerraformStack } from 'cdktf';

import { sealedLedger } from '../functions/keeper.ts';
import { roleArn } from '../names/arn.ts';
import { dashboardBody } from '../monitoring/dashboard-body.ts';
import {
  AGGREGATOR,
  AGGREGATOR_ROLE,
  STATE_TABLE,
  STOP_PARAMETER,
  ledgerBucket,
  settingsBucket,
} from '../names/names.ts';
import { addBucket } from '../terraform/bucket.ts';
import { tablePolicy } from '../policies/table-policy.ts';
import { PARTITION, documentText } from '../terraform/expressions.ts';
import { assertPlace } from '../terraform/place.ts';
import { addOutput, terraformModule, addVariable } from '../terraform/terraform-module.ts';
import { addComplianceChanges } from './compliance-changes.ts';
import { addSealedBucket } from './sealed-bucket.ts';

/** The part of the master account in the home Region: state, settings, ledger, stop switch and dashboard. */
export const masterHome = (settings: Settings): TerraformStack =>
  terraformModule('master-home', (stack) => {
    const { masterAccountId, homeRegion, regions, id: organizationId } = settings.organization;
    assertPlace(stack, { accountIds: [masterAccountId], regions: [homeRegion] });
    const keepData = addVariable(stack, 'keep_data', {
      type: 'bool',
      default: true,
      description: 'Protect settings, ledger and state from deletion. Set to false before a destroy.',
    });
    addStateTable(stack, settings.organization, keepData);
    const mayBeDeleted = Token.asAny(keepData.replace('${', '${!'));
    const name = settingsBucket(masterAccountId);
    addBucket(stack, { id: 'settings', name, config: { forceDestroy: mayBeDeleted } });
    addOutput(
      stack,
      'settings_bucket',
      name,
      'The bucket to which `make settings` uploads compliance.yaml and the exemptions.',
    );
    addLedger(stack, masterAccountId, mayBeDeleted);
    if (sealedLedger(settings)) addSealedBucket(stack, masterAccountId);
    new SsmParameter(stack, 'stop', {
      name: STOP_PARAMETER,
      type: 'String',
      value: 'off',
      description: 'While this is on, nothing is fixed in any account.',
      // Operators turn it on and off, and give the reason in the description.
      lifecycle: { ignoreChanges: ['value', 'insecure_value', 'description'] },
    });
    if (organizationId !== undefined)
      new ConfigConfigurationAggregator(stack, 'aggregator', {
        name: AGGREGATOR,
        organizationAggregationSource: {
          allRegions: true,
          roleArn: roleArn({ partition: PARTITION, accountId: masterAccountId }, AGGREGATOR_ROLE),
        },
      });
    addComplianceChanges(stack, settings);
    new CloudwatchDashboard(stack, 'dashboard', {
      dashboardName: 'compliance',
      dashboardBody: JSON.stringify(dashboardBody(regions)),
    });
  });

const addStateTable = (stack: TerraformStack, place: Home, keepData: string) => {
  const [hashKey, rangeKey] = TABLE_KEYS.KeySchema.map(({ AttributeName }) => AttributeName);
  const table = new DynamodbTable(stack, 'state', {
    name: STATE_TABLE,
    billingMode: 'PAY_PER_REQUEST',
    ...defined({ hashKey, rangeKey }),
    attribute: TABLE_KEYS.AttributeDefinitions.map(({ AttributeName: name, AttributeType: type }) => ({
      name,
      type,
    })),
    ttl: { attributeName: 'expiresAt', enabled: true },
    pointInTimeRecovery: { enabled: true },
    serverSideEncryption: { enabled: true },
    deletionProtectionEnabled: Token.asAny(keepData),
  });
  addTablePolicy(stack, table, place);
  addOutput(
    stack,
    'state_table',
    STATE_TABLE,
    'The table of plans, approvals, leases, limits and the journal.',
  );
};

/** Adds the policy by which only the functions write, and the variable that names who may in an emergency. */
const addTablePolicy = (
  stack: TerraformStack,
  { arn }: DynamodbTable,
  { masterAccountId, homeRegion }: Home,
) => {
  const breakGlass = addVariable(stack, 'break_glass_role_arns', {
    type: 'list(string)',
    default: [],
    description:
      'ARNs of roles that may write any row of the state table in an emergency. Nobody but the functions may otherwise.',
  });
  const policy = tablePolicy({
    master: { partition: PARTITION, accountId: masterAccountId },
    // Known when the plan is made, so that a review can show and check the policy; the table's own ARN is not.
    tableArn: `arn:${PARTITION}:dynamodb:${homeRegion}:${masterAccountId}:table/${STATE_TABLE}`,
    breakGlass: [BREAK_GLASS],
  });
  // The list is rendered inside the list of ARNs.
  const text = documentText(policy).replaceAll(
    /\[([^[\]]*)"break-glass"\]/g,
    (_, own: string) => `\${jsonencode(concat([${own.replace(/,$/, '')}], ${breakGlass.slice(2, -1)}))}`,
  );
  new DynamodbResourcePolicy(stack, 'state_policy', { resourceArn: arn, policy: text });
};

type Home = Pick<Settings['organization'], 'masterAccountId' | 'homeRegion'>;

const BREAK_GLASS = 'break-glass';

const addLedger = (stack: TerraformStack, masterAccountId: string, mayGo: ReturnType<typeof Token.asAny>) => {
  const days = addVariable(stack, 'ledger_lock_days', {
    type: 'number',
    default: 0,
    description:
      'Days during which nobody may change or delete a ledger object (S3 Object Lock, governance mode); 0 for no ' +
      'lock. What is locked stays so when this changes.',
    validation: [
      { condition: '${var.ledger_lock_days >= 0}', errorMessage: 'Must be a number of days, or 0.' },
    ],
  });
  const locked = days.replace('}', ' > 0}');
  const name = ledgerBucket(masterAccountId);
  const created = addBucket(stack, {
    id: 'ledger',
    name,
    config: {
      forceDestroy: mayGo,
      objectLockEnabled: Token.asAny(locked),
      // A change would replace the bucket, with the ledger in it. The configuration below turns the lock on later as well.
      lifecycle: { ignoreChanges: ['object_lock_enabled'] },
    },
  });
  const lock = new S3BucketObjectLockConfigurationA(stack, 'ledger_lock', {
    bucket: name,
    rule: { defaultRetention: { mode: 'GOVERNANCE', days: Token.asNumber(days) } },
    dependsOn: [created],
  });
  lock.addOverride('count', locked.replace('}', ' ? 1 : 0}'));
  addOutput(stack, 'ledger_bucket', name, 'The bucket of all audit events, as lines of JSON.');
};
