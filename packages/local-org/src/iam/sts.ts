import { awsError } from '../protocol/aws-error.ts';
import type { Call, OperationName, RawReply } from '../protocol/call.ts';
import { text } from '../protocol/call.ts';
import { queryReply, xmlElements } from '../protocol/replies.ts';
import type { AssumeRole } from './assume-role.ts';
import type { Credentials, KeyRing } from './credentials.ts';

/** The STS operations that the gateway answers itself, because it issues all keys. */
export const stsHandlers = (
  assumeRole: AssumeRole,
  keys: KeyRing,
): Readonly<Record<OperationName, (call: Call) => Promise<RawReply>>> => ({
  'sts:AssumeRole': async (call) => {
    const { credentials, principal } = await assumeRole.byCall(call);
    const user = xmlElements({ AssumedRoleId: principal.userId, Arn: principal.arn });
    return queryReply(
      'AssumeRole',
      `${credentialsXml(credentials)}<AssumedRoleUser>${user}</AssumedRoleUser>`,
    );
  },
  'sts:GetCallerIdentity': async ({ principal: { arn, userId, accountId } }) =>
    queryReply('GetCallerIdentity', xmlElements({ Arn: arn, UserId: userId, Account: accountId })),
  'sts:GetSessionToken': async (call) => {
    // STS refuses temporary credentials.
    if (call.principal.type === 'role')
      throw awsError('AccessDenied', 'Cannot call GetSessionToken with session credentials', 403);
    const credentials = keys.issue(call.principal, Number(text(call, 'DurationSeconds') ?? 43_200));
    return queryReply('GetSessionToken', credentialsXml(credentials));
  },
});

const credentialsXml = ({
  accessKeyId,
  secretAccessKey,
  sessionToken = '',
  expiration = new Date(0),
}: Credentials): string =>
  `<Credentials>${xmlElements({
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: expiration.toISOString(),
  })}</Credentials>`;
