import { IAMClient, paginateListAccessKeys } from '@aws-sdk/client-iam';
import type { EmulatorClients } from '../emulator/clients.ts';
import type { AccessKeyAges } from './access-key-ages.ts';

/** A row of the report, by column. */
export type ReportRow = Readonly<Record<string, string>>;

/** Rewrites the emulator's credential report as AWS writes it. Tests may set columns. */
export interface CredentialReport {
  /** Sets columns of a user's row, such as `password_last_changed`; '<root_account>' is root. */
  readonly amend: (accountId: string, user: string, columns: ReportRow) => void;
  /** Rewrites the XML of a GetCredentialReport reply: adds the root row, AWS's placeholders and the changes. */
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
      const [header = '', ...lines] = Buffer.from(content, 'base64').toString().trim().split('\n');
      const columns = header.split(',');
      const users = await Promise.all(
        lines.map(async (line) => {
          const row = asAwsWrites(parseRow(columns, line));
          return { ...row, ...(await keyColumns(accountId, row['user'] ?? '')) };
        }),
      );
      const rows: readonly ReportRow[] = [rootRow(columns, accountId), ...users];
      const csv = [
        columns,
        ...rows.map((row) => {
          const amended = { ...row, ...amendments.get(`${accountId}/${row['user']}`) };
          return columns.map((column) => amended[column] ?? 'N/A');
        }),
      ]
        .map((values) => values.join(','))
        .join('\n');
      return xml
        .replace(/(<Content>)[^<]*/, `$1${Buffer.from(csv).toString('base64')}`)
        .replace(/(<GeneratedTime>)[^<]*/, `$1${now().toISOString()}`);
    },
  };
};

const parseRow = (columns: readonly string[], line: string): ReportRow => {
  const values = line.split(',');
  return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? '']));
};

/** Applies AWS's placeholders: `not_supported` is only for root, and a user without a password has no dates. */
const asAwsWrites = (row: ReportRow): ReportRow => {
  const hasPassword = row['password_enabled'] === 'true';
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => {
      const isMissing = value === 'not_supported' || (!hasPassword && /^password_(last|next)/.test(column));
      return [column, isMissing ? 'N/A' : value];
    }),
  );
};

const rootRow = (columns: readonly string[], accountId: string): ReportRow => ({
  ...Object.fromEntries(columns.map((column) => [column, column.endsWith('_active') ? 'false' : 'N/A'])),
  user: '<root_account>',
  arn: `arn:aws:iam::${accountId}:root`,
  user_creation_time: '2020-01-01T00:00:00+00:00',
  password_enabled: 'not_supported',
  password_last_used: 'no_information',
  password_last_changed: 'not_supported',
  password_next_rotation: 'not_supported',
});

const reportDate = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, '+00:00');
