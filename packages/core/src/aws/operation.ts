import type { Command, MetadataBearer } from '@smithy/types';

import { defined } from '../base/defined.ts';
import type { ClientClass, Session } from './session.ts';

/** Any command class of the AWS SDK, from its input to its output. */
export type CommandClass<Input, Output extends MetadataBearer> = new (
  input: Input,
  // oxlint-disable-next-line typescript/no-explicit-any -- of Command's five type parameters two matter here; the others are the client's own.
) => Command<any, any, any, Output, any>;

/** An API operation that can be sent by its name. The journal replays undos with it. */
export interface Operation {
  /** The SDK's name of the service: `s3`, `ec2`, `cloudwatchlogs`. */
  readonly service: string;
  /** `PutBucketVersioning` */
  readonly name: string;
  send(input: object, session: Session): Promise<unknown>;
  /** Why an answer with HTTP 200 is a failure; `undefined` when it is not. */
  readonly refused?: (output: unknown) => string | undefined;
}

interface Sender {
  send(command: unknown): Promise<unknown>;
}

/** The API operation behind a client and a command class of the SDK. */
export const operation = <Input extends object, Output extends MetadataBearer>(
  Client: ClientClass<Sender>,
  CommandOf: CommandClass<Input, Output>,
  { refused }: { readonly refused?: (output: Output) => string | undefined } = {},
): Operation => {
  const { service, name } = nameOf(CommandOf);
  return {
    service,
    name,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the input was checked against the command's type where the call was written.
    send: (input, session) => session.client(Client).send(new CommandOf(input as Input)),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only answers of this command reach the function.
    ...defined({ refused: refused as Operation['refused'] }),
  };
};

/** `s3:PutBucketVersioning`: an operation as plans, journals and audit events name it. */
export const operationId = ({ service, name }: Pick<Operation, 'service' | 'name'>): string =>
  `${service}:${name}`;

// The names come from the schema: in a minified bundle a class has none.
const nameOf = <Input, Output extends MetadataBearer>(
  CommandOf: CommandClass<Input, Output>,
): Pick<Operation, 'service' | 'name'> => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every command of SDK v3 carries [9, 'com.amazonaws.s3', 'PutBucketVersioning', …]; the constructor reads no member of its input.
  const { schema } = new CommandOf({} as Input) as unknown as { schema: readonly [number, string, string] };
  return { service: schema[1].replace('com.amazonaws.', ''), name: schema[2] };
};
