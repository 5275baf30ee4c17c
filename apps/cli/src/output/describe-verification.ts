import { counted, oneLine } from '@compliance/core/printable';
import type { Verification } from '@compliance/evidence';

/** The result of a verification, in lines for a person. */
export const describeVerification = ({
  periods,
  first,
  last,
  parts,
  lines,
  keys,
  signer,
  problem,
}: Verification): readonly string[] => [
  `${counted(lines, 'event')} in ${counted(parts, 'part')} of ${counted(periods, 'period')}${first === undefined || last === undefined ? '' : `, ${first} to ${last}`}`,
  ...keys.map((key) => `signed by the key ${key}`),
  ...(problem === undefined ? [] : [oneLine(`BROKEN: ${problem.place}: ${problem.what}`)]),
  ...(problem === undefined ? [SIGNERS[signer]] : []),
];

const SIGNERS = {
  proven: 'consistent, signer proven',
  'not-proven':
    'consistent, signer not proven: give the fingerprint of the key, from a place that this ledger cannot change',
} as const satisfies Record<Verification['signer'], string>;
