import { GenerateCredentialReportCommand, GetCredentialReportCommand, IAMClient } from '@aws-sdk/client-iam';
import { failureKind } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { credentialReport, rootRow, userRows } from '../src/credential-report.ts';
import { USER_PERMISSIONS } from '../src/observe-users.ts';
import { activeKeysOf, parseReport } from '../src/report-row.ts';
import { reportOf } from '../src/testing/fake-iam.ts';

/** A stateful fake of IAM, whose report is ready after some tries. */
const iamReadyAfter = (downloads: number, meanwhile: string) => {
  let asked = 0;
  return fakeSession({
    allow: USER_PERMISSIONS.list,
    answers: [
      on(IAMClient, GenerateCredentialReportCommand, () => ({ State: 'STARTED' as const })),
      on(IAMClient, GetCredentialReportCommand, () => {
        asked += 1;
        if (asked <= downloads) throw awsError(meanwhile);
        return { Content: new TextEncoder().encode(reportOf({})) };
      }),
    ],
  });
};

const polling = { tries: 3, pauseMs: 1 };

test.for([
  'CredentialReportNotReadyException',
  'CredentialReportNotPresentException',
  'CredentialReportExpiredException',
])('a report that is not ready is waited for: %s', async (meanwhile) => {
  await expect(credentialReport(iamReadyAfter(2, meanwhile), polling)).resolves.toHaveLength(1);
});

test('a report that is not ready in time is a transient failure, never an empty report', async () => {
  const session = iamReadyAfter(3, 'CredentialReportNotReadyException');
  const failure = await credentialReport(session, polling).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'report-in-progress' });
  expect(failureKind(failure)).toBe('transient');
  expect(session.sent).toHaveLength(6);
});

test.for(['AccessDenied', 'LimitExceededException'])(
  'any other failure to get a report is passed on, never an empty report: %s',
  async (code) => {
    await expect(credentialReport(iamReadyAfter(1, code), polling)).rejects.toThrow(code);
  },
);

test('the rules of a sweep download one report', async () => {
  const session = iamReadyAfter(0, '');
  await Promise.all([credentialReport(session, polling), credentialReport(session, polling)]);
  expect(session.sent).toHaveLength(2);
});

test.for(['user\nann\n', reportOf({ user_creation_time: 'yesterday' })])(
  'a malformed report is refused: %j',
  (csv) => {
    expect(() => parseReport(csv)).toThrow(
      'Malformed credential report: it does not have the columns and values of IAM.',
    );
  },
);

test('a row says what IAM knows, and null for each date that it does not have', () => {
  const csv = reportOf({
    user: 'smith, ann',
    password_enabled: 'TRUE',
    password_last_used: 'no_information',
    password_last_changed: '2026-01-02T03:04:05+00:00',
    access_key_2_active: 'true',
    access_key_2_last_rotated: '2026-02-03T04:05:06+00:00',
    access_key_2_last_used_date: 'not_supported',
  });
  expect(parseReport(csv)).toEqual([
    {
      user: 'smith, ann',
      created: '2026-01-01T00:00:00.000Z',
      hasPassword: true,
      passwordChanged: '2026-01-02T03:04:05.000Z',
      passwordLastUsed: null,
      hasMfa: false,
      keys: [
        { active: false, created: null, lastUsed: null },
        { active: true, created: '2026-02-03T04:05:06.000Z', lastUsed: null },
      ],
    },
  ]);
});

test('a deactivated key is no active key, although the report has its dates', () => {
  const [row] = parseReport(
    reportOf({ access_key_1_active: 'FALSE', access_key_1_last_rotated: '2026-02-02T02:02:02+00:00' }),
  );
  expect(row && activeKeysOf(row)).toEqual([]);
});

test('root is not among the rows of users', () => {
  const rows = parseReport(
    reportOf({ user: '<root_account>', password_enabled: 'not_supported' }, { user: 'ann' }),
  );
  expect(rootRow(rows)).toMatchObject({ user: '<root_account>', hasPassword: false });
  expect(userRows(rows).map(({ user }) => user)).toEqual(['ann']);
});

test('a report without root is malformed', () => {
  expect(() => rootRow(parseReport(reportOf({})))).toThrow('it has no row of the root user');
});
