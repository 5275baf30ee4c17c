import { randomInt } from 'node:crypto';

import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { AccountId, createSession, sweep, type Clock, type Rule, type Session } from '@compliance/core';

export const HOME = 'eu-west-1';
export const ELSEWHERE = 'eu-central-1';

/** A new account of the emulator, as its administrator. */
export const openAccount = async (endpoint: string, clock: Clock): Promise<Session> => {
  const accountId = AccountId.parse(String(randomInt(1e11, 1e12 - 1)));
  const sts = new STSClient({
    endpoint,
    region: HOME,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${accountId}:role/Admin`, RoleSessionName: 'sweep' }),
  );
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  return createSession({ accountId, region: HOME, credentials, endpoint, clock });
};

/** Observes every resource of a rule in the session's Region, as a scheduled sweep does, and sends no verdict. */
export const sweepOnly = async (rule: Rule, session: Session, notificationTime: Date) =>
  sweep({
    rule,
    session: session.asOf(notificationTime),
    notificationTime,
    judge: () => ({ complianceType: 'COMPLIANT' }),
    full: true,
    repeatNonCompliant: false,
    send: async () => {},
    onUnchanged: async () => {},
    vanishedReason: '',
    onUnreadable: () => {},
  });
