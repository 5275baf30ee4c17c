import { setTimeout as delay } from 'node:timers/promises';

import { GenerateCredentialReportCommand, GetCredentialReportCommand, IAMClient } from '@aws-sdk/client-iam';
import { hasCode, permanent, transient, type Session } from '@compliance/core/rule';
import { parse } from 'csv-parse/sync';
import * as z from 'zod';

/** The row of one user; the root user is `<root_account>`. */
export interface CredentialReportRow {
  readonly user: string;
  readonly created: Date;
  /** Creation dates of the active keys; `undefined`: the report has no date. */
  readonly activeKeys: readonly (Date | undefined)[];
}

export interface Polling {
  readonly tries: number;
  readonly pauseMs: number;
}

/**
 * Downloads the account's credential report, which the rules of a sweep share.
 * IAM generates a new one every four hours at most.
 * @throws {ComplianceError} `report-in-progress`, transient, when IAM does not finish it in time
 * @throws {ComplianceError} `malformed-report`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
 */
export const credentialReport = (
  session: Session,
  polling: Polling = { tries: 15, pauseMs: 2000 },
): Promise<readonly CredentialReportRow[]> =>
  session.onceInAccount('iam/credential-report', async () =>
    parseCredentialReport(await download(session.client(IAMClient), polling)),
  );

/** @throws {ComplianceError} `malformed-report` */
export const parseCredentialReport = (csv: string): readonly CredentialReportRow[] => {
  try {
    return z.array(Row).parse(parse(csv, { columns: true }));
  } catch (error) {
    throw permanent(
      'malformed-report',
      'Malformed credential report: it does not have the columns and values of IAM.',
      error,
    );
  }
};

const download = async (client: IAMClient, { tries, pauseMs }: Polling): Promise<string> => {
  for (let attempt = 1; attempt <= tries; attempt++) {
    // Starts a report if there is none or an old one; otherwise does nothing.
    await client.send(new GenerateCredentialReportCommand({}));
    const content = await finishedReport(client);
    if (content !== undefined) return content;
    if (attempt < tries) await delay(pauseMs);
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

const Flag = z.string().transform((text) => text.toLowerCase() === 'true');

const Time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** The report's values for a missing date. */
const NoTime = z.enum(['N/A', 'no_information', 'not_supported']).transform(() => undefined);

const Row = z
  .object({
    user: z.string(),
    user_creation_time: Time,
    access_key_1_active: Flag,
    access_key_1_last_rotated: z.union([Time, NoTime]),
    access_key_2_active: Flag,
    access_key_2_last_rotated: z.union([Time, NoTime]),
  })
  .transform((row): CredentialReportRow => ({
    user: row.user,
    created: row.user_creation_time,
    // A deactivated key keeps its date in the report.
    activeKeys: [
      ...(row.access_key_1_active ? [row.access_key_1_last_rotated] : []),
      ...(row.access_key_2_active ? [row.access_key_2_last_rotated] : []),
    ],
  }));
