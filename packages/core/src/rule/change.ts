import type { MetadataBearer } from '@smithy/types';

import type { SharedDocument } from './shared-document.ts';
import type { Json } from '../base/json.ts';
import { operation, type CommandClass, type Operation } from '../aws/operation.ts';
import type { ClientClass } from '../aws/session.ts';

/**
 * `safe`: nothing that works stops working. `disruptive`: somebody may lose access or service; undo brings it back.
 * `irreversible`: no way back; never automatic.
 */
export type Risk = 'safe' | 'disruptive' | 'irreversible';

/** A fix as data: nothing has happened yet. */
export interface Change<Facts = unknown> {
  /** An imperative line for a person: `Turn versioning on`. */
  readonly description: string;
  readonly risk: Risk;
  readonly steps: readonly Step[];
  /** The facts that undo cannot bring back to exactly what they were, as it leaves them. */
  readonly undoLeaves?: Partial<Facts> | undefined;
  /** Why a verification right after the calls cannot succeed yet: the seconds it takes, or what a person must do first. */
  readonly effectiveAfter?: { readonly seconds: number } | { readonly human: string };
  /** The same in the words of the code that may own the resource: it is suggested to whoever does. */
  readonly inCode?: InCode;
}

/** What to write in infrastructure as code: resource type, then its arguments. */
export interface InCode {
  readonly terraform: string;
  /** Left out for what CloudFormation cannot say. */
  readonly cloudFormation?: string;
}

/** What a fix comes to: a change, or the case that a machine must not touch. */
export type Fix<Facts = unknown> = Change<Facts> | { readonly human: string };

export type Step = CallStep | EditStep;

/** One AWS call. No step depends on the answer of another. */
export interface CallStep {
  readonly type: 'call';
  readonly operation: Operation;
  readonly input: object;
  /** Where, when not in the session's own Region. */
  readonly region?: string;
  readonly undo: Undo | ((output: unknown) => Undo);
  /** AWS error codes that mean "nothing to do". */
  readonly alreadyDone: readonly string[];
}

/** One change to a document that others write to as well. Applied to what is live, under a lease. */
export interface EditStep {
  readonly type: 'edit';
  readonly document: SharedDocument;
  readonly key: string;
  readonly region?: string;
  readonly apply: (content: Json) => Json;
}

export type Undo = UndoCall | { readonly impossible: string };

/** The call that takes another back. Plain data: it is journalled before the next step. */
export interface UndoCall {
  readonly operation: Operation;
  readonly input: object;
  readonly region?: string;
  readonly alreadyDone: readonly string[];
}

interface CallOptions<Output> {
  readonly undo: Undo | ((output: Output) => Undo);
  readonly alreadyDone?: readonly string[];
  readonly refused?: (output: Output) => string | undefined;
  readonly region?: string;
}

export const change = <Facts>(value: Change<Facts>): Change<Facts> => value;

/** A call of the AWS SDK as a step, with the call that undoes it. */
export const call = <Input extends object, Output extends MetadataBearer>(
  Client: ClientClass<{ send(command: unknown): Promise<unknown> }>,
  CommandOf: CommandClass<Input, Output>,
  input: Input,
  { undo, alreadyDone = [], refused, region }: CallOptions<Output>,
): CallStep => ({
  type: 'call',
  operation: operation(Client, CommandOf, refused ? { refused } : {}),
  input,
  alreadyDone,
  // Only this operation's own answers reach this function.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see the line above.
  undo: undo as CallStep['undo'],
  ...(region !== undefined && { region }),
});

/** The call that undoes a step. Its input must survive JSON: it is read back from the journal. */
export const undoCall = <Input extends object, Output extends MetadataBearer>(
  Client: ClientClass<{ send(command: unknown): Promise<unknown> }>,
  CommandOf: CommandClass<Input, Output>,
  input: Input,
  { alreadyDone = [], region }: { readonly alreadyDone?: readonly string[]; readonly region?: string } = {},
): UndoCall => ({
  operation: operation(Client, CommandOf),
  input,
  alreadyDone,
  ...(region !== undefined && { region }),
});

/** A change to a shared document as a step. Undo is the inverse difference, applied to what is live then. */
export const edit = <Content extends Json>(
  document: SharedDocument<Content>,
  apply: (content: Content) => Content,
  { key = '', region }: { readonly key?: string; readonly region?: string } = {},
): EditStep => ({
  type: 'edit',
  document,
  key,
  // The document's own `read` is the only source of what `apply` is given.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see the line above.
  apply: apply as unknown as EditStep['apply'],
  ...(region !== undefined && { region }),
});
