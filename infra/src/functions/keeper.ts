import type { Settings } from '@compliance/core';

import { AUDIT_LOG_GROUP, STATE_TABLE, ledgerBucket, sealedBucket } from '../names/names.ts';

/** How the keeper runs. */
export const KEEPER_SETTINGS = {
  description: 'Seals what arrived in the ledger, hour by hour, and signs it.',
  handler: 'index.handler',
  timeoutSeconds: 900,
  // One whole core: an hour with a million events is mostly work for the processor.
  memoryMegabytes: 1769,
} as const;

type LedgerSettings = NonNullable<Settings['ledger']>;

/** The settings of a ledger that is sealed; `undefined` where the keeper is not deployed. */
export const sealedLedger = ({
  ledger,
}: Pick<Settings, 'ledger'>): (LedgerSettings & { readonly signingKeyArn: string }) | undefined => {
  const signingKeyArn = ledger?.signingKeyArn;
  return ledger && signingKeyArn !== undefined ? { ...ledger, signingKeyArn } : undefined;
};

/** What of the environment depends on the ledger's settings, or on Terraform's variables for them. */
export interface KeeperVariables {
  readonly signingKeyArn: string;
  readonly formerSigningKeyArn: string;
  readonly lockDays: string;
  readonly lockMode: string;
  readonly headsBucketArn: string;
}

export const keeperVariables = (
  ledger: LedgerSettings & { readonly signingKeyArn: string },
): KeeperVariables => ({
  signingKeyArn: ledger.signingKeyArn,
  formerSigningKeyArn: ledger.formerSigningKeyArn ?? '',
  lockDays: String(ledger.lockDays),
  lockMode: ledger.lockMode,
  headsBucketArn: ledger.headsBucketArn ?? '',
});

/** The environment of the keeper. */
export const keeperEnvironment = (
  masterAccountId: string,
  variables: KeeperVariables,
): Readonly<Record<string, string>> => ({
  COMPLIANCE_LEDGER_BUCKET: ledgerBucket(masterAccountId),
  COMPLIANCE_SEALED_BUCKET: sealedBucket(masterAccountId),
  COMPLIANCE_STATE_TABLE: STATE_TABLE,
  COMPLIANCE_AUDIT_LOG_GROUP: AUDIT_LOG_GROUP,
  COMPLIANCE_SIGNING_KEY_ARN: variables.signingKeyArn,
  COMPLIANCE_FORMER_SIGNING_KEY_ARN: variables.formerSigningKeyArn,
  COMPLIANCE_LOCK_DAYS: variables.lockDays,
  COMPLIANCE_LOCK_MODE: variables.lockMode,
  COMPLIANCE_HEADS_BUCKET_ARN: variables.headsBucketArn,
});
