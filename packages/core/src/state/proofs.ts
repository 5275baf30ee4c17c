import { permanent } from '../base/errors.ts';
import type { Caller } from '../aws/identity-proof.ts';
import type { Table } from './table.ts';

/**
 * Refuses an identity proof that was used for a decision before.
 * A plan that is opened again thus needs a new approval.
 * A proof is marked as used once the decision is published: a caller who got no answer may retry with the same one.
 * @throws {ComplianceError} permanent `proof-spent`
 */
export const assertProofUnused = async (table: Table, { signature, arn }: Caller): Promise<void> => {
  if (await table.get(partitionOf(signature), SORT_KEY))
    throw permanent(
      'proof-spent',
      `This identity proof of ${arn} was used for a decision before. Make a new one.`,
    );
};

export const markProofUsed = async (table: Table, { signature, arn }: Caller, now: Date): Promise<void> => {
  // The proof itself expires much earlier.
  const expiresAt = new Date(now.getTime() + 3_600_000);
  await table.put({ pk: partitionOf(signature), sk: SORT_KEY, data: { by: arn }, expiresAt, expected: 0 });
};

const SORT_KEY = 'spent';
const partitionOf = (signature: string) => `proof#${signature.toLowerCase()}`;
