import type { DBInstance as RdsInstance } from '@aws-sdk/client-rds';
import { tagsOf, type Resource, type ResourceShape } from '@compliance/core/rule';
import * as z from 'zod';

import { lowerNames } from './lower-names.ts';

export const DB_INSTANCE = 'AWS::RDS::DBInstance';

/** The id in AWS Config is the DbiResourceId, which does not determine the ARN: that has the identifier. */
export const DB_INSTANCE_SHAPE: ResourceShape = { tagFilter: 'rds:db' };

const Text = z
  .string()
  .nullish()
  .transform((text) => text ?? null);

/** A database instance, as far as the rules judge it, by RDS or by AWS Config. */
const DbInstance = z
  .object({
    dbiresourceid: z.string(),
    dbinstanceidentifier: z.string(),
    dbinstancearn: z.string(),
    dbinstancestatus: z.string(),
    engine: z.string(),
    dbclusteridentifier: Text,
    readreplicasourcedbinstanceidentifier: Text,
    readreplicasourcedbclusteridentifier: Text,
    storageencrypted: z.boolean(),
    kmskeyid: Text,
    autominorversionupgrade: z.boolean(),
    publiclyaccessible: z.boolean(),
    multiaz: z.boolean(),
    pendingmodifiedvalues: z.record(z.string(), z.unknown()).nullish(),
    vpcsecuritygroups: z.array(z.object({ vpcsecuritygroupid: z.string() })).nullish(),
  })
  .transform((found) => ({
    resourceId: found.dbiresourceid,
    identifier: found.dbinstanceidentifier,
    arn: found.dbinstancearn,
    status: found.dbinstancestatus,
    engine: found.engine,
    /** `null`: the instance is no member of a cluster. */
    cluster: found.dbclusteridentifier,
    readReplica:
      found.readreplicasourcedbinstanceidentifier !== null ||
      found.readreplicasourcedbclusteridentifier !== null,
    storageEncrypted: found.storageencrypted,
    kmsKeyId: found.kmskeyid,
    autoMinorVersionUpgrade: found.autominorversionupgrade,
    publiclyAccessible: found.publiclyaccessible,
    multiAz: found.multiaz,
    /** Changes that wait for the maintenance window, with names in lower case. */
    pending: present(found.pendingmodifiedvalues ?? {}),
    securityGroups: (found.vpcsecuritygroups ?? [])
      .map(({ vpcsecuritygroupid }) => vpcsecuritygroupid)
      .toSorted(),
  }));
export type DbInstance = z.infer<typeof DbInstance>;

const present = (values: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined && !isEmpty(value)),
  );

const isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0;

/** The instance in an item of AWS Config; `undefined` while it is created or deleted, when the item is not complete. */
export const instanceOfItem = (configuration: unknown): DbInstance | undefined => {
  const { success, data } = DbInstance.safeParse(lowerNames(configuration));
  return success && !['creating', 'deleting'].includes(data.status) ? data : undefined;
};

/** The instance in an answer of RDS, which may leave out what is off. `undefined` while it is deleted. */
export const instanceOfAnswer = (found: RdsInstance): DbInstance | undefined => {
  const instance = DbInstance.parse({ ...OFF, ...Object(lowerNames(found)) });
  return instance.status === 'deleting' ? undefined : instance;
};

const OFF = {
  storageencrypted: false,
  autominorversionupgrade: false,
  publiclyaccessible: false,
  multiaz: false,
};

/** The instance as the resource of a verdict. */
export const instanceResource = (
  { resourceId, identifier, arn }: DbInstance,
  { TagList }: RdsInstance,
): Resource => ({
  resourceType: DB_INSTANCE,
  resourceId,
  resourceName: identifier,
  arn,
  tags: tagsOf(TagList),
});
