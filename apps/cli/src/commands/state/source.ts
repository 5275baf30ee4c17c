import type { Overview } from '@compliance/dashboard-data';
import type { EventSource } from '@compliance/state';

type Evidence = NonNullable<Overview['evidence']>;

const VERIFIED: Readonly<Record<Evidence['verified'], string>> = {
  verified: 'verified',
  incomplete: 'INCOMPLETE',
  'signer-not-proven': 'consistent, signer not proven: ledger.keyFingerprint of the settings names no key',
  'other-key': 'SIGNED BY ANOTHER KEY than ledger.keyFingerprint of the settings names',
};

/** What a state was built from: sealed hours, and the intake since then. */
export const sourceInWords = (
  { sealed, intakeSince }: EventSource,
  evidence: Evidence | undefined,
  begunWith?: string,
): string => {
  const parts = [
    ...(sealed ? [`${sealed.periods} sealed hours until ${sealed.until.toISOString()}`] : []),
    ...(intakeSince ? [`the intake since ${intakeSince.toISOString()}`] : []),
  ];
  const missing = evidence?.missingHours ?? 0;
  const more = missing > 0 ? `, ${missing} hours are missing` : '';
  return [
    `Read ${parts.join(' and ')}.\n`,
    ...(begunWith === undefined
      ? []
      : [
          `Began with the keeper's state of ${begunWith}, which is not signed: --rebuild reads the seal alone.\n`,
        ]),
    ...(evidence ? [`Seal: ${VERIFIED[evidence.verified]}${more}.\n`] : []),
  ].join('');
};

/** Whether the seal does not show what it should. That no key is pinned is no fault of the ledger. */
export const isBroken = ({ verified }: Evidence): boolean =>
  verified === 'incomplete' || verified === 'other-key';
