import type { Settings } from '@compliance/core';
import type { TerraformStack } from 'cdktf';

import { policyOrganization } from '../functions/organization-policies.ts';
import { AUDIT_LOG_GROUP, FUNCTIONS, artifactsBucket, functionLogGroup, packBucket } from '../names/names.ts';
import { addBucket, bucketArn } from '../terraform/bucket.ts';
import { PARTITION, REGION } from '../terraform/expressions.ts';
import { assertPlace } from '../terraform/place.ts';
import {
  REQUIRED,
  REQUIRED_FOR_POLICIES,
  addOutput,
  addVariable,
  terraformModule,
} from '../terraform/terraform-module.ts';
import { addAlarms } from './alarms.ts';
import { addFailureQueue } from './failure-queue.ts';
import { addFunctions } from './functions.ts';
import { addLogGroup } from './log-group.ts';
import { addSharedDocument } from './shared-document.ts';
import { addTopic } from './topic.ts';

/** The part of the master account in each Region: functions, permissions, document and alarms. */
export const masterRegional = (settings: Settings): TerraformStack =>
  terraformModule('master-regional', addResources(settings), requirementsOf(settings));

/** Newer versions only where the settings need them. */
const requirementsOf = ({ organization }: Settings) =>
  policyOrganization(organization) === undefined ? REQUIRED : REQUIRED_FOR_POLICIES;

const addResources =
  (settings: Settings) =>
  (stack: TerraformStack): void => {
    const { masterAccountId, regions, id: organizationId } = settings.organization;
    assertPlace(stack, { accountIds: [masterAccountId], regions });
    const retentionDays = addVariable(stack, 'log_retention_days', {
      type: 'number',
      default: 365,
      description: "Retention of the functions' logs and the audit log, in days.",
    });
    const groups = [functionLogGroup('rule'), functionLogGroup('remediation'), AUDIT_LOG_GROUP].map((name) =>
      addLogGroup(stack, name, retentionDays),
    );
    const artifacts = artifactsBucket(masterAccountId, REGION);
    // The repository can recreate the content of both buckets.
    addBucket(stack, { id: 'artifacts', name: artifacts, config: { forceDestroy: true } });
    const packs = packBucket(masterAccountId, REGION);
    addBucket(stack, {
      id: 'packs',
      name: packs,
      config: { forceDestroy: true },
      statements: [
        organizationId === undefined ? readByAccounts(packs, settings) : readByConfig(packs, organizationId),
      ],
    });
    const queue = addFailureQueue(stack, masterAccountId);
    addFunctions(stack, settings, { artifacts, groups, queue });
    addSharedDocument(stack, settings);
    addAlarms(stack, addTopic(stack, masterAccountId));
    addOutput(stack, 'artifacts_bucket', artifacts, 'The bucket of the code of the functions.');
    addOutput(stack, 'pack_bucket', packs, 'The bucket from which AWS Config reads the conformance packs.');
    addOutput(
      stack,
      'function_names',
      Object.values(FUNCTIONS),
      'The functions that `make deploy-app` updates.',
    );
  };

/**
 * Allows AWS Config to read the packs; it delivers nothing to this bucket.
 * @see https://docs.aws.amazon.com/config/latest/developerguide/cpack-prerequisites.html
 */
const readByConfig = (name: string, organizationId: string) => ({
  Sid: 'ConfigOfTheOrganization',
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: `${bucketArn(name)}/packs/*`,
  Condition: {
    StringEquals: { 'aws:PrincipalOrgID': organizationId },
    ArnLike: {
      'aws:PrincipalArn': `arn:${PARTITION}:iam::*:role/aws-service-role/config-conforms.amazonaws.com/AWSServiceRoleForConfigConforms`,
    },
  },
});

/** Allows each account to read its packs, where there is no organization. */
const readByAccounts = (name: string, { accounts }: Settings) => ({
  Sid: 'ListedAccounts',
  Effect: 'Allow',
  Principal: { AWS: accounts.map(({ id }) => `arn:${PARTITION}:iam::${id}:root`) },
  Action: 's3:GetObject',
  Resource: `${bucketArn(name)}/packs/*`,
});
