import { IAMClient, paginateListAccessKeys } from '@aws-sdk/client-iam';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import * as z from 'zod';
import type { EmulatorClients } from '../emulator/clients.ts';
import type { AccessKeyAges } from './access-key-ages.ts';

/** A row of the report, by column. */
export type ReportRow = Readonly<Record<string, string>>;

/** Columns of the credential report that tests set, because the emulator dates everything now. */
export interface CredentialReport {
  /** Sets columns of a user's row, such as `password_last_changed`; '<root_account>' is root. */
  readonly amend: (accountId: string, user: string, columns: ReportRow) => void;
  /** Rewrites the XML of a GetCredentialReport reply. */
  readonly rewrite: (accountId: string, xml: string) => Promise<string>;
}

interface Dependencies {
  readonly clients: EmulatorClients;
  readonly ages: AccessKeyAges;
  readonly now: () => Date;
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html */
export const createCredentialReport = ({ clients, ages, now }: Dependencies): CredentialReport => {
  const amendments = new Map<string, ReportRow>();

  const keyColumns = async (accountId: string, userName: string): Promise<ReportRow> => {
    const client = clients(IAMClient, { accountId, region: 'us-east-1' });
    const keys = (await Array.fromAsync(paginateListAccessKeys({ client }, { UserName: userName }))).flatMap(
      ({ AccessKeyMetadata }) => AccessKeyMetadata ?? [],
    );
    // The report's two key columns have the keys in the order of their creation, as the emulator lists them.
    return Object.fromEntries(
      keys.flatMap(({ AccessKeyId = '' }, index) => {
        const date = ages.get(accountId, AccessKeyId);
        return date === undefined ? [] : [[`access_key_${index + 1}_last_rotated`, reportDate(date)]];
      }),
    );
  };

  return {
    amend: (accountId, user, columns) => {
      const key = `${accountId}/${user}`;
      amendments.set(key, { ...amendments.get(key), ...columns });
    },
    rewrite: async (accountId, xml) => {
      const content = /<Content>([^<]*)<\/Content>/.exec(xml)?.[1] ?? '';
      const rows = z
        .array(z.record(z.string(), z.string()))
        .parse(parse(Buffer.from(content, 'base64'), { columns: true }));
      const amended = await Promise.all(
        rows.map(async (row) => {
          const user = row['user'] ?? '';
          const keys = user === ROOT ? {} : await keyColumns(accountId, user);
          return { ...row, ...keys, ...amendments.get(`${accountId}/${user}`) };
        }),
      );
      const csv = stringify(amended, { header: true });
      return xml
        .replace(/(<Content>)[^<]*/, `$1${Buffer.from(csv).toString('base64')}`)
        .replace(/(<GeneratedTime>)[^<]*/, `$1${now().toISOString()}`);
    },
  };
};

const ROOT = '<root_account>';

const reportDate = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, '+00:00');
