import type { Command, MetadataBearer } from '@smithy/types';

import { AccountId } from '../base/account-id.ts';
import type { Clock } from '../base/clock.ts';
import { defined } from '../base/defined.ts';
import { createSession, type SessionOptions } from '../aws/create-session.ts';
import { grantAction, type Grant } from '../aws/grant.ts';
import { operation } from '../aws/operation.ts';
import type { ClientClass, Session } from '../aws/session.ts';

/** The answer of a fake to one operation. */
export interface FakeAnswer {
  readonly operation: string;
  readonly answer: (input: object, region: string) => unknown;
}

/** Answers a command with what `answer` returns for its input, or fails with what it throws. */
export const on = <Input extends object, Output extends MetadataBearer>(
  Client: ClientClass<{ send(command: unknown): Promise<unknown> }>,
  // oxlint-disable-next-line typescript/no-explicit-any -- only two of Command's five type parameters matter here.
  CommandOf: new (input: Input) => Command<any, any, any, Output, any>,
  answer: (input: Input, region: string) => Omit<Output, '$metadata'>,
): FakeAnswer => ({
  operation: operation(Client, CommandOf).name,
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the session passes the input of this command.
  answer: (input, askedIn) => answer(input as Input, askedIn),
});

export interface FakeSession extends Session {
  /** The IAM actions used. */
  readonly used: ReadonlySet<string>;
  /** The operations sent, with their inputs, in order. */
  readonly sent: readonly { readonly operation: string; readonly input: object }[];
}

/** An error as the SDK throws it. */
export const awsError = (name: string, message = name, statusCode = 400): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: statusCode }, $fault: 'client' });

/**
 * A session that answers from functions and never reaches AWS.
 * A stateful fake keeps its state in their closure. A command whose IAM action is not allowed is denied, so that a rule
 * cannot use what it does not declare.
 */
export const fakeSession = ({
  allow,
  answers,
  accountId = '111122223333',
  region = 'eu-west-1',
  clock,
  share,
}: {
  readonly allow: readonly Grant[];
  readonly answers: readonly FakeAnswer[];
  readonly accountId?: string;
  readonly region?: string;
  readonly clock?: Clock;
  /** As where equal reads are sent once. */
  readonly share?: SessionOptions['share'];
}): FakeSession => {
  const sent: { operation: string; input: object }[] = [];
  const allowed = new Set(allow.map(grantAction));
  const used = new Set<string>();
  const session = createSession({
    accountId: AccountId.parse(accountId),
    region,
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    onAction: (action) => {
      if (!allowed.has(action)) throw awsError('AccessDenied', `${action} is not a declared permission`, 403);
      used.add(action);
    },
    intercept: (operationName, input, askedIn) => {
      sent.push({ operation: operationName, input });
      const found = answers.find((candidate) => candidate.operation === operationName);
      if (!found) throw new Error(`Missing answer to ${operationName}. Add one to the fakeSession.`);
      return Promise.resolve(found.answer(input, askedIn));
    },
    ...defined({ clock, share }),
  });
  return { ...session, used, sent };
};
