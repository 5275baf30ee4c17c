import * as z from 'zod';

import { AccountId } from '../base/account-id.ts';
import { parseOrThrow } from '../base/parse.ts';
import { Region } from '../base/region.ts';

/**
 * A sweep's request to finish what runs of its rule left behind in one account and Region: interrupted changes, and
 * plans and decisions that are not published. Accepted only through the alias `recovery`. It names a place and never a
 * result.
 */
const RecoveryRequest = z.strictObject({
  command: z.string().min(1).max(128),
  accountId: AccountId,
  region: Region,
  /** Compared with the Region's. */
  partition: z.string().max(16),
});
export type RecoveryRequest = Readonly<z.infer<typeof RecoveryRequest>>;

/** @throws {ComplianceError} permanent `malformed-request` */
export const parseRecoveryRequest = (input: unknown): RecoveryRequest =>
  parseOrThrow(RecoveryRequest, input, { code: 'malformed-request', what: 'recovery request' });
