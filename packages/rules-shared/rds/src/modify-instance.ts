import { ModifyDBInstanceCommand, RDSClient, type ModifyDBInstanceCommandInput } from '@aws-sdk/client-rds';
import { call, operation, undoCall, type CallStep } from '@compliance/core/rule';
import * as z from 'zod';

import type { DbInstance } from './db-instance.ts';

/** What a fix of an instance needs. */
export const InstanceHandles = z.object({
  identifier: z.string(),
  status: z.string(),
  cluster: z.string().nullable(),
});
export type InstanceHandles = z.infer<typeof InstanceHandles>;

export const instanceHandles = ({ identifier, status, cluster }: DbInstance): InstanceHandles => ({
  identifier,
  status,
  cluster,
});

export const MODIFY_INSTANCE = { action: 'rds:ModifyDBInstance', resource: 'arn:*:rds:*:*:db:*' };
export const INSTANCE_MODIFICATION = operation(RDSClient, ModifyDBInstanceCommand);

type Modification = Omit<ModifyDBInstanceCommandInput, 'DBInstanceIdentifier'>;

/**
 * A change of an instance, and the change back.
 * `ApplyImmediately` would also apply whatever else waits for the maintenance window: it is left out unless asked for.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.ApplyImmediately.html
 */
export const modifyInstance = (identifier: string, to: Modification, back: Modification): CallStep => {
  const instance = { DBInstanceIdentifier: identifier };
  return call(
    RDSClient,
    ModifyDBInstanceCommand,
    { ...instance, ...to },
    { undo: undoCall(RDSClient, ModifyDBInstanceCommand, { ...instance, ...back }) },
  );
};

/** What a person does about an instance that RDS does not change now: it refuses all but an available one. */
export const whileUnavailable = ({ identifier, status }: InstanceHandles): { manual: string } | undefined =>
  status === 'available'
    ? undefined
    : {
        manual: `RDS changes ${identifier} only while it is available, and it is ${status}. Start it if it is stopped; otherwise wait.`,
      };
