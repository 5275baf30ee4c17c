import * as z from 'zod';

import { AccountId } from '../base/account-id.ts';
import { parseOrThrow } from '../base/parse.ts';
import { Partition, Region } from '../base/region.ts';

/**
 * The payload of the SSM Automation document: a resource, never an action.
 * Anyone who may start the document can forge the payload, so it must not say what to do.
 */
export const RemediationEvent = z.strictObject({
  complianceCommand: z.string().min(1).max(128),
  resourceType: z.string().min(1).max(256),
  resourceId: z.string().min(1).max(768),
  accountId: AccountId,
  region: Region,
  partition: Partition,
  /** The automation's id. Part of the session name, so that CloudTrail shows which execution made a call. */
  executionId: z.string().regex(/^[\w-]{1,64}$/),
});
export type RemediationEvent = Readonly<z.infer<typeof RemediationEvent>>;

/** @throws {ComplianceError} permanent `malformed-event` */
export const parseRemediationEvent = (input: unknown): RemediationEvent =>
  parseOrThrow(RemediationEvent, input, { code: 'malformed-event', what: 'remediation request' });
