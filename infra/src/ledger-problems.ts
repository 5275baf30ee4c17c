import type { Settings } from '@compliance/core';

import type { SettingsProblem } from './settings-problems.ts';

/** What is wrong with the settings of the ledger, or cannot be undone. */
export const ledgerProblems = ({ ledger, organization }: Settings): readonly SettingsProblem[] => {
  if (!ledger) return [];
  const { signingKeyArn, lockDays, lockMode, athena } = ledger;
  const { homeRegion } = organization;
  const elsewhere = (['signingKeyArn', 'formerSigningKeyArn'] as const).flatMap((name) => {
    const region = ledger[name]?.split(':')[3];
    return region === undefined || region === homeRegion
      ? []
      : [
          {
            path: ['ledger', name],
            message: `is a key in ${region}; the keeper signs in the home Region, ${homeRegion}`,
          },
        ];
  });
  const warning = (name: keyof typeof ledger, message: string) => ({
    path: ['ledger', name],
    message,
    isWarning: true as const,
  });
  return [
    ...elsewhere,
    ...(signingKeyArn === undefined && lockDays > 0
      ? [warning('lockDays', 'has no effect: without signingKeyArn, nothing is sealed')]
      : []),
    ...(signingKeyArn === undefined && athena
      ? [warning('athena', 'has no effect: without signingKeyArn, nothing is sealed')]
      : []),
    ...(lockMode === 'COMPLIANCE' && lockDays > 0
      ? [
          warning(
            'lockMode',
            `nobody can undo COMPLIANCE, not even AWS: what is sealed, names of people included, stays for ${lockDays} days`,
          ),
        ]
      : []),
  ];
};
