import * as z from 'zod';

import { ChangeId, PlanId } from '../base/ids.ts';
import { parseOrThrow } from '../base/parse.ts';
import type { Caller } from '../aws/identity-proof.ts';
import { REMEDIATION_OUTCOMES } from '../audit/audit-event.ts';
import type { RemediateDependencies } from '../remediate/remediation.ts';

/** A person's request to the remediation function. Accepted only through its alias `operator`. */
const OperatorRequest = z.strictObject({
  action: z.enum(['approve', 'apply', 'reject', 'undo']),
  /** The plan, or the change to undo. */
  id: z.union([PlanId, ChangeId], 'is neither a plan id nor a change id'),
  /** An approval carries the digest of what the person was shown of the plan. */
  shown: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'is not the digest of a plan')
    .optional(),
  /** A presigned `sts:GetCallerIdentity` request that carries action, id and digest in a signed header. */
  proof: z.string().max(8192),
  reason: z.string().max(500).optional(),
  /** Part of the session name and of the change's id. */
  executionId: z.string().regex(/^[\w-]{1,64}$/),
});
export type OperatorRequest = Readonly<z.infer<typeof OperatorRequest>>;

/** @throws {ComplianceError} permanent `malformed-request` */
export const parseOperatorRequest = (input: unknown): OperatorRequest =>
  parseOrThrow(OperatorRequest, input, { code: 'malformed-request', what: 'operator request' });

export interface OperateDependencies extends RemediateDependencies {
  /** @throws {ComplianceError} permanent `not-proven` */
  readonly verifyCaller: (proof: string, subject: string) => Promise<Caller>;
}

export interface OperatorContext extends RemediateDependencies {
  /** The identity that STS proved. */
  readonly actorArn: string;
}

/** Every status of an operator's answer: an outcome of a remediation, or the result of an operator's action. */
export const OPERATOR_STATUSES = [...REMEDIATION_OUTCOMES, 'approved', 'rejected', 'undone'] as const;

export interface OperatorAnswer {
  readonly status: (typeof OPERATOR_STATUSES)[number];
  readonly reason: string;
  readonly planId?: string;
  readonly changeId?: string;
}
