import { randomUUID } from 'node:crypto';

import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import {
  OPERATOR_ALIAS,
  PROOF_HEADER,
  defined,
  proofSubject,
  readPlan,
  shownDigestOf,
  type OperatorAnswer,
  type OperatorRequest,
} from '@compliance/core';
import { FUNCTIONS } from '@compliance/infra';
import type { LocalOrg } from '@compliance/local-org';
import { HttpRequest } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';

import { REGION, type Story } from './story.ts';

export type Person = ReturnType<LocalOrg['credentials']>;
type Action = OperatorRequest['action'];

/** Creates an identity in an account, which may invoke every function as far as that account is concerned. */
export const createPerson = async ({ client }: Story, accountId: string, name: string): Promise<Person> => {
  const iam = client(IAMClient, accountId);
  await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: policy({ Principal: { AWS: accountId }, Action: 'sts:AssumeRole' }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: name,
      PolicyName: 'invoke',
      PolicyDocument: policy({ Action: 'lambda:InvokeFunction', Resource: '*' }),
    }),
  );
  const { Credentials } = await client(STSClient, accountId).send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${accountId}:role/${name}`, RoleSessionName: name }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
};

const policy = (statement: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });

/** Signs an identity proof: a presigned `sts:GetCallerIdentity` for one action on one id. */
export const signProof = async (
  story: Pick<Story, 'org' | 'table'>,
  credentials: Person,
  action: Action,
  id: string,
  {
    shown,
    signingDate = new Date(),
  }: { readonly shown?: string | undefined; readonly signingDate?: Date } = {},
): Promise<string> => {
  const { protocol, hostname, port, host, origin } = new URL(story.org.endpointUrl);
  const subject = proofSubject(action, id, shown ?? (await shownOf(story, action, id)));
  const signer = new SignatureV4({
    credentials,
    region: REGION,
    service: 'sts',
    sha256: Hash.bind(null, 'sha256'),
  });
  const signed = await signer.presign(
    new HttpRequest({
      method: 'GET',
      protocol,
      hostname,
      port: Number(port),
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host, [PROOF_HEADER]: subject },
    }),
    { expiresIn: 60, signingDate, unhoistableHeaders: new Set([PROOF_HEADER]) },
  );
  const query = Object.entries(signed.query ?? {}).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  return `${origin}/?${query.join('&')}`;
};

/** What an operator is shown, and an approval signs. */
const shownOf = async ({ table }: Pick<Story, 'table'>, action: Action, id: string) => {
  const record = action === 'approve' ? await readPlan(table, id) : undefined;
  return record && shownDigestOf(record);
};

export interface OperatorOptions {
  readonly by: Person;
  /** Sent instead of the operator's own proof. */
  readonly proof?: string;
  /** Invoked instead of the operators' alias; `null`: the function without an alias. */
  readonly qualifier?: string | null;
}

/** Sends an operator's request to the remediation function. */
export const requestAsOperator = async (
  story: Story,
  action: Action,
  id: string,
  { by, proof, qualifier = OPERATOR_ALIAS }: OperatorOptions,
): Promise<OperatorAnswer> => {
  const lambda = new LambdaClient({
    region: REGION,
    endpoint: story.org.endpointUrl,
    credentials: by,
    maxAttempts: 1,
  });
  const shown = await shownOf(story, action, id);
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({
      FunctionName: `arn:aws:lambda:${REGION}:${story.masterId}:function:${FUNCTIONS.remediation}`,
      ...defined({ Qualifier: qualifier ?? undefined }),
      Payload: Buffer.from(
        JSON.stringify({
          action,
          id,
          ...defined({ shown }),
          proof: proof ?? (await signProof(story, by, action, id, { shown })),
          executionId: `operator-${randomUUID()}`,
        }),
      ),
    }),
  );
  const text = Buffer.from(Payload ?? []).toString();
  if (FunctionError !== undefined) throw new Error(`${action} ${id} failed: ${text}`);
  await story.whenIdle();
  // The alias answers operators with nothing else.
  return JSON.parse(text) as OperatorAnswer;
};

/** Invokes the function without an alias with a payload of one's own, as any identity of the organization may. */
export const invokeWithPayload = async (story: Story, payload: object, by: Person): Promise<unknown> => {
  const lambda = new LambdaClient({
    region: REGION,
    endpoint: story.org.endpointUrl,
    credentials: by,
    maxAttempts: 1,
  });
  const { Payload } = await lambda.send(
    new InvokeCommand({
      FunctionName: `arn:aws:lambda:${REGION}:${story.masterId}:function:${FUNCTIONS.remediation}`,
      Payload: JSON.stringify(payload),
    }),
  );
  return JSON.parse(Payload?.transformToString() ?? 'null') as unknown;
};
