import { GenerateCredentialReportCommand, GetCredentialReportCommand, IAMClient } from '@aws-sdk/client-iam';
import { failureKind } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { credentialReport, parseCredentialReport } from '../src/credential-report.ts';
import { iamRotateAccessKeys } from '../src/rule.ts';

const HEADER =
  'user,user_creation_time,access_key_1_active,access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated\n';
const REPORT = `${HEADER}ann,2026-01-01T00:00:00+00:00,false,N/A,false,N/A\n`;

/** A stateful fake of IAM, whose report is ready after some tries. */
const iamReadyAfter = (downloads: number, meanwhile: string) => {
  let asked = 0;
  return fakeSession({
    allow: iamRotateAccessKeys.permissions.list,
    answers: [
      on(IAMClient, GenerateCredentialReportCommand, () => ({ State: 'STARTED' as const })),
      on(IAMClient, GetCredentialReportCommand, () => {
        asked += 1;
        if (asked <= downloads) throw awsError(meanwhile);
        return { Content: new TextEncoder().encode(REPORT) };
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

test('any other failure to get a report is passed on', async () => {
  await expect(credentialReport(iamReadyAfter(1, 'AccessDenied'), polling)).rejects.toThrow('AccessDenied');
});

test('the rules of a sweep download one report', async () => {
  const session = iamReadyAfter(0, '');
  await Promise.all([credentialReport(session, polling), credentialReport(session, polling)]);
  expect(session.sent).toHaveLength(2);
});

test.for(['user\nann\n', `${HEADER}ann,yesterday,false,N/A,false,N/A\n`])(
  'a malformed report is refused: %j',
  (csv) => {
    expect(() => parseCredentialReport(csv)).toThrow(
      'Malformed credential report: it does not have the columns and values of IAM.',
    );
  },
);
