import * as z from 'zod';

import { REMEDIATION_OUTCOMES } from '../audit/audit-event.ts';
import type { Caller } from '../aws/identity-proof.ts';
import { permanent } from '../base/errors.ts';
import type { RemediateDependencies } from '../remediate/remediation.ts';

/** What a person at the keyboard asks of the remediation function, through its alias `operator` alone. */
const OperatorRequest = z.strictObject({
  action: z.enum(['approve', 'apply', 'reject', 'undo']),
  /** Of a plan, or of a change to undo. */
  id: z.string().regex(/^(plan|change)-[0-9a-f]{16}$/),
  /** A presigned `sts:GetCallerIdentity` that carries action and id in a signed header. */
  proof: z.string().max(8192),
  reason: z.string().max(500).optional(),
  /** Names the run, for the session's name and the change's id. */
  executionId: z.string().regex(/^[\w-]{1,64}$/),
});
export type OperatorRequest = Readonly<z.infer<typeof OperatorRequest>>;

/** @throws {ComplianceError} permanent `malformed-request` */
export const parseOperatorRequest = (input: unknown): OperatorRequest => {
  const parsed = OperatorRequest.safeParse(input);
  if (parsed.success) return parsed.data;
  throw permanent(
    'malformed-request',
    `This is no operator's request: ${z.prettifyError(parsed.error)}`,
    parsed.error,
  );
};

export interface OperateDependencies extends RemediateDependencies {
  /** @throws {ComplianceError} permanent `not-proven` */
  readonly proveCaller: (proof: string, subject: string) => Promise<Caller>;
}

export interface OperatorContext extends RemediateDependencies {
  /** The identity that STS proved. */
  readonly by: string;
}

/** Every status of an operator's answer: what a remediation ends with, or what an action of the operator does. */
export const OPERATOR_STATUSES = [...REMEDIATION_OUTCOMES, 'approved', 'rejected', 'undone'] as const;

export interface OperatorAnswer {
  readonly status: (typeof OPERATOR_STATUSES)[number];
  readonly reason: string;
  readonly planId?: string;
  readonly changeId?: string;
}
