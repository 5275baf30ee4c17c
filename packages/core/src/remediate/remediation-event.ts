import * as z from 'zod';

import { AccountId } from '../base/account-id.ts';
import { permanent } from '../base/errors.ts';

/**
 * What the SSM Automation document sends: where to look, never what to do. Whoever may start the document could
 * forge anything else.
 */
export const RemediationEvent = z.strictObject({
  complianceCommand: z.string().min(1).max(128),
  resourceType: z.string().min(1).max(256),
  resourceId: z.string().min(1).max(768),
  accountId: AccountId,
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'is not an AWS Region'),
  partition: z.enum(['aws', 'aws-cn', 'aws-us-gov']),
  /** Of the automation; ends up in the session's name, so that CloudTrail tells the story. */
  executionId: z.string().regex(/^[\w-]{1,64}$/),
});
export type RemediationEvent = Readonly<z.infer<typeof RemediationEvent>>;

/** @throws {ComplianceError} permanent `malformed-event` */
export const parseRemediationEvent = (input: unknown): RemediationEvent => {
  const parsed = RemediationEvent.safeParse(input);
  if (parsed.success) return parsed.data;
  throw permanent(
    'malformed-event',
    `This is no payload of the remediation document: ${z.prettifyError(parsed.error)}`,
    parsed.error,
  );
};
