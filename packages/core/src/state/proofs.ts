import type { Caller } from '../aws/identity-proof.ts';
import { permanent } from '../base/errors.ts';
import type { Table } from './table.ts';

/**
 * A proof is good for one decision: a plan that is opened anew is not approved by what approved it before. It is
 * spent once the decision is told, so that who could not be answered may ask again with the same.
 * @throws {ComplianceError} permanent `proof-spent`
 */
export const assertProofUnused = async (table: Table, { signature, arn }: Caller): Promise<void> => {
  if (await table.get(keyOf(signature), SORT_KEY))
    throw permanent(
      'proof-spent',
      `This proof of ${arn} was used before: what it was for is decided. Make another.`,
    );
};

export const markProofUsed = async (table: Table, { signature, arn }: Caller, now: Date): Promise<void> => {
  // By then it is too old to be taken.
  const expiresAt = new Date(now.getTime() + 3_600_000);
  await table.put({ pk: keyOf(signature), sk: SORT_KEY, data: { by: arn }, expiresAt, expected: 0 });
};

const SORT_KEY = 'spent';
const keyOf = (signature: string) => `proof#${signature.toLowerCase()}`;
