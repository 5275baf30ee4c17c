import { observeAccount, type Permissions, type Session } from '@compliance/core/rule';

import { credentialReport, downloadReport } from './credential-report.ts';
import type { ReportRow } from './report-row.ts';

/**
 * Creates the `observe` of a rule on an account, from its credential report.
 * Nothing else says when root was used, or lists the passwords of all users. So a single account is read from the report
 * too: such a rule has no fix.
 */
export const observeReport = <Facts>(
  factsOf: (rows: readonly ReportRow[], place: Pick<Session, 'partition'>) => Facts,
) =>
  observeAccount(
    async (session) => ({ facts: factsOf(await downloadReport(session), session) }),
    async (session) => ({ facts: factsOf(await credentialReport(session), session) }),
  );

const REPORT = ['iam:GenerateCredentialReport', 'iam:GetCredentialReport'] as const;

/** The permissions of `observeReport`. */
export const REPORT_PERMISSIONS = {
  list: REPORT,
  get: REPORT,
  fix: [],
  undo: [],
} as const satisfies Permissions;
