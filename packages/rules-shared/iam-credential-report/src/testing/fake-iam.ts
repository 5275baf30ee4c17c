import {
  GenerateCredentialReportCommand,
  GetAccessKeyLastUsedCommand,
  GetCredentialReportCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListMFADevicesCommand,
  ListUsersCommand,
  type User,
} from '@aws-sdk/client-iam';
import type { Grant } from '@compliance/core/rule';
import { awsError, fakeSession, on } from '@compliance/core/testing';

const COLUMNS = [
  'user',
  'user_creation_time',
  'password_enabled',
  'password_last_used',
  'password_last_changed',
  'mfa_active',
  'access_key_1_active',
  'access_key_1_last_rotated',
  'access_key_1_last_used_date',
  'access_key_2_active',
  'access_key_2_last_rotated',
  'access_key_2_last_used_date',
] as const;

/** Columns of a user's row. */
export type ReportColumns = Readonly<Partial<Record<(typeof COLUMNS)[number], string>>>;

const CREATED = '2026-01-01T00:00:00+00:00';

const EMPTY: ReportColumns = {
  user: 'ann',
  user_creation_time: CREATED,
  password_enabled: 'false',
  mfa_active: 'false',
  access_key_1_active: 'false',
  access_key_2_active: 'false',
};

/** A credential report of rows with these columns, as IAM writes it. */
export const reportOf = (...rows: readonly ReportColumns[]): string =>
  [
    COLUMNS.join(','),
    ...rows.map((row) => COLUMNS.map((column) => quoted({ ...EMPTY, ...row }[column] ?? 'N/A')).join(',')),
  ].join('\n');

const quoted = (value: string) => (value.includes(',') ? `"${value}"` : value);

interface FakeKey {
  readonly status?: 'Active' | 'Inactive';
  readonly created?: string;
  readonly lastUsed?: string;
}

/** What the fake stores. Users are made on the first of January 2026. */
interface FakeIam {
  readonly allow: readonly Grant[];
  readonly region?: string;
  readonly report?: string;
  /** Names by id. */
  readonly users?: Readonly<Record<string, string>>;
  readonly passwordLastUsed?: string;
  readonly keys?: Readonly<Record<string, FakeKey>>;
  /** When the password was made. */
  readonly password?: string;
  readonly mfa?: boolean;
}

/** A stateful fake of IAM: users, of which each has these credentials, and a credential report of its own. */
export const iamWith = ({
  allow,
  region = 'eu-west-1',
  report = '',
  users = {},
  passwordLastUsed,
  keys = {},
  password,
  mfa,
}: FakeIam) => {
  const all = Object.entries(users).map(([UserId, UserName]): User => ({
    UserId,
    UserName,
    Path: '/',
    Arn: `arn:aws:iam::111122223333:user/${UserName}`,
    CreateDate: new Date(CREATED),
    PasswordLastUsed: dateOf(passwordLastUsed),
  }));
  return fakeSession({
    allow,
    region,
    answers: [
      on(IAMClient, GenerateCredentialReportCommand, () => ({ State: 'COMPLETE' as const })),
      on(IAMClient, GetCredentialReportCommand, () => ({ Content: new TextEncoder().encode(report) })),
      on(IAMClient, GetUserCommand, ({ UserName }: { UserName?: string }) => {
        const User = all.find((user) => user.UserName === UserName);
        if (!User) throw awsError('NoSuchEntityException', 'no such user', 404);
        return { User };
      }),
      on(IAMClient, ListUsersCommand, () => ({ Users: all })),
      on(IAMClient, ListAccessKeysCommand, () => ({
        AccessKeyMetadata: Object.entries(keys).map(
          ([AccessKeyId, { status = 'Active', created = CREATED }]) => ({
            AccessKeyId,
            Status: status,
            CreateDate: new Date(created),
          }),
        ),
      })),
      on(IAMClient, GetAccessKeyLastUsedCommand, ({ AccessKeyId = '' }) => ({
        AccessKeyLastUsed: {
          ServiceName: 's3',
          Region: 'eu-west-1',
          LastUsedDate: dateOf(keys[AccessKeyId]?.lastUsed),
        },
      })),
      on(IAMClient, GetLoginProfileCommand, ({ UserName = '' }: { UserName?: string }) => {
        if (password === undefined) throw awsError('NoSuchEntityException', 'no password', 404);
        return { LoginProfile: { UserName, CreateDate: new Date(password) } };
      }),
      on(IAMClient, ListMFADevicesCommand, () => ({
        MFADevices:
          mfa === true ? [{ UserName: 'ann', SerialNumber: 'phone', EnableDate: new Date(CREATED) }] : [],
      })),
    ],
  });
};

const dateOf = (text: string | undefined) => (text === undefined ? undefined : new Date(text));
