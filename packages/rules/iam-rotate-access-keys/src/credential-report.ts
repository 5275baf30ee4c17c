import { setTimeout as delay } from 'node:timers/promises';

import { GenerateCredentialReportCommand, GetCredentialReportCommand, IAMClient } from '@aws-sdk/client-iam';
import { hasCode, permanent, transient, type Session } from '@compliance/core/rule';
import { parse } from 'csv-parse/sync';
import * as z from 'zod';

/** What the report says of one user; the root user is `<root_account>`. */
export interface CredentialReportRow {
  readonly user: string;
  readonly created: Date;
  /** When the active keys were created; `undefined` of a key whose date the report does not know. */
  readonly activeKeys: readonly (Date | undefined)[];
}

export interface Polling {
  readonly tries: number;
  readonly pauseMs: number;
}

/**
 * The account's credential report, which IAM makes anew every four hours at most. The rules of a sweep share it.
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
    throw permanent('malformed-report', 'The credential report of IAM is not in the form expected.', error);
  }
};

const download = async (client: IAMClient, { tries, pauseMs }: Polling): Promise<string> => {
  for (let attempt = 1; attempt <= tries; attempt++) {
    // Begins a report where there is none or an old one, and otherwise does nothing.
    await client.send(new GenerateCredentialReportCommand({}));
    const content = await finishedReport(client);
    if (content !== undefined) return content;
    if (attempt < tries) await delay(pauseMs);
  }
  throw transient(
    'report-in-progress',
    `IAM did not finish the credential report within ${((tries - 1) * pauseMs) / 1000} seconds; try again later.`,
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

/** The words of the report for a date that is not there. */
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
    // A key keeps its date in the report when it is deactivated.
    activeKeys: [
      ...(row.access_key_1_active ? [row.access_key_1_last_rotated] : []),
      ...(row.access_key_2_active ? [row.access_key_2_last_rotated] : []),
    ],
  }));
