import type { Settings } from '@compliance/core';

import { STATE_TABLE, ledgerBucket, sealedBucket } from '../names/names.ts';

/** How the keeper runs. */
export const KEEPER_SETTINGS = {
  description: 'Seals what arrived in the ledger, hour by hour, signs it, and makes the daily state.',
  handler: 'index.handler',
  timeoutSeconds: 900,
  // One whole core: an hour with a million events is mostly work for the processor.
  memoryMegabytes: 1769,
} as const;

/** How long the intake keeps its objects. The keeper remembers their ids as long. */
export const INTAKE_DAYS = 35;

/** How long the states of former days are kept. The newest one is all that the next day needs. */
export const STATE_DAYS = 35;

/** The settings of a ledger that is sealed. */
export type SealedLedger = NonNullable<Settings['ledger']> & { readonly signingKeyArn: string };

/** The settings of a ledger that is sealed; `undefined` where the keeper is not deployed. */
export const sealedLedger = ({ ledger }: Pick<Settings, 'ledger'>): SealedLedger | undefined => {
  const signingKeyArn = ledger?.signingKeyArn;
  return ledger && signingKeyArn !== undefined ? { ...ledger, signingKeyArn } : undefined;
};

/** The environment of the keeper. */
export const keeperEnvironment = (
  masterAccountId: string,
  { signingKeyArn, formerSigningKeyArn, lockDays, lockMode, headsBucketArn }: SealedLedger,
): Readonly<Record<string, string>> => ({
  COMPLIANCE_LEDGER_BUCKET: ledgerBucket(masterAccountId),
  COMPLIANCE_SEALED_BUCKET: sealedBucket(masterAccountId),
  COMPLIANCE_STATE_TABLE: STATE_TABLE,
  COMPLIANCE_SIGNING_KEY_ARN: signingKeyArn,
  COMPLIANCE_LOCK_DAYS: String(lockDays),
  COMPLIANCE_LOCK_MODE: lockMode,
  ...(formerSigningKeyArn !== undefined && { COMPLIANCE_FORMER_SIGNING_KEY_ARN: formerSigningKeyArn }),
  ...(headsBucketArn !== undefined && { COMPLIANCE_HEADS_BUCKET_ARN: headsBucketArn }),
});
