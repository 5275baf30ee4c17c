import { GenerateCredentialReportCommand, GetCredentialReportCommand, IAMClient } from '@aws-sdk/client-iam';
import { hasCode, permanent, transient, type Session } from '@compliance/core/rule';

import { parseReport, type ReportRow } from './report-row.ts';

interface Polling {
  readonly tries: number;
  readonly pauseMs: number;
}

const POLLING: Polling = { tries: 15, pauseMs: 2000 };

/** The account's credential report, which the rules of a sweep share. Throws like `downloadReport`. */
export const credentialReport = (session: Session, polling = POLLING): Promise<readonly ReportRow[]> =>
  session.onceInAccount('iam/credential-report', () => downloadReport(session, polling));

/**
 * Downloads the account's credential report.
 * IAM generates a new one every four hours at most.
 * @throws {ComplianceError} `report-in-progress`, transient, when IAM does not finish it in time
 * @throws {ComplianceError} `malformed-report`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
 */
export const downloadReport = async (session: Session, polling = POLLING): Promise<readonly ReportRow[]> =>
  parseReport(await download(session, polling));

/**
 * The row of the root user.
 * @throws {ComplianceError} `malformed-report` when there is none
 */
export const rootRow = (rows: readonly ReportRow[]): ReportRow => {
  const root = rows.find(({ user }) => user === ROOT);
  if (!root)
    throw permanent('malformed-report', 'Malformed credential report: it has no row of the root user.');
  return root;
};

/** The rows of IAM users. */
export const userRows = (rows: readonly ReportRow[]): readonly ReportRow[] =>
  rows.filter(({ user }) => user !== ROOT);

const ROOT = '<root_account>';

const download = async (session: Session, { tries, pauseMs }: Polling): Promise<string> => {
  const client = session.client(IAMClient);
  for (let attempt = 1; attempt <= tries; attempt++) {
    // Starts a report if there is none or an old one; otherwise does nothing.
    await client.send(new GenerateCredentialReportCommand({}));
    const content = await finishedReport(client);
    if (content !== undefined) return content;
    if (attempt < tries) await session.clock.sleep(pauseMs);
  }
  throw transient(
    'report-in-progress',
    `Credential report not ready: IAM did not finish it within ${((tries - 1) * pauseMs) / 1000} seconds. Try again later.`,
  );
};

const finishedReport = async (client: IAMClient): Promise<string | undefined> => {
  try {
    const { Content } = await client.send(new GetCredentialReportCommand({}));
    return Content && new TextDecoder().decode(Content);
  } catch (error) {
    if (hasCode(error, ...UNFINISHED)) return undefined;
    throw error;
  }
};

const UNFINISHED = [
  'CredentialReportNotReadyException',
  'CredentialReportNotPresentException',
  'CredentialReportExpiredException',
];
