import type { MetadataBearer } from '@smithy/types';

import { defined } from '../base/defined.ts';
import type { Json } from '../base/json.ts';
import { operation, type CommandClass, type Operation } from '../aws/operation.ts';
import type { ClientClass } from '../aws/session.ts';
import type { SharedDocument } from './shared-document.ts';
import { adviceText, descriptionText } from './texts.ts';

/**
 * `safe`: nothing that works stops working. `disruptive`: somebody may lose access or service; undo restores it.
 * `irreversible`: cannot be undone; never automatic.
 */
type Risk = 'safe' | 'disruptive' | 'irreversible';

/** A fix as data: nothing has happened yet. */
export interface Change<Facts = unknown> {
  /** One imperative line for a person: `Turn versioning on`. */
  readonly description: string;
  readonly risk: Risk;
  readonly steps: readonly Step[];
  /** The facts that undo cannot restore exactly, as undo leaves them. */
  readonly undoLeaves?: Partial<Facts> | undefined;
  /** Why a verification cannot succeed yet. AWS needs some seconds, or a person must act first. */
  readonly effectiveAfter?: Effect;
  /** The same change as infrastructure as code. Suggested to the owner of a resource that code manages. */
  readonly inCode?: InCode;
}

type Effect = { readonly seconds: number } | { readonly manual: string };

/** A change in infrastructure as code: the resource type, then its arguments. */
interface InCode {
  readonly terraform: string;
  /** Absent when CloudFormation cannot express the change. */
  readonly cloudFormation?: string;
}

/** A change, or `manual`: what a person must do where a machine must not. */
export type Fix<Facts = unknown> = Change<Facts> | { readonly manual: string };

export type Step = CallStep | EditStep;

/** One AWS call. No step depends on the answer of another. */
export interface CallStep {
  readonly type: 'call';
  readonly operation: Operation;
  readonly input: object;
  /** Absent for the session's own Region. */
  readonly region?: string;
  readonly undo: Undo | ((output: unknown) => Undo);
  /** AWS error codes that mean "nothing to do". */
  readonly alreadyDone: readonly string[];
}

/** One edit of a document that others also write. Applied to the live document, under a lease. */
export interface EditStep {
  readonly type: 'edit';
  readonly document: SharedDocument;
  readonly key: string;
  readonly region?: string;
  readonly apply: (content: Json) => Json;
}

export type Undo = UndoCall | { readonly impossible: string };

/** The call that undoes another. Plain data: it is journalled before the next step. */
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

/** Makes a change. Names in its texts may be long and have any characters. */
export const change = <Facts>(value: Change<Facts>): Change<Facts> => ({
  ...value,
  description: descriptionText(value.description),
  ...(value.inCode && { inCode: inCodeOf(value.inCode) }),
  ...(value.effectiveAfter && { effectiveAfter: effectOf(value.effectiveAfter) }),
});

const effectOf = (effect: Effect): Effect =>
  'manual' in effect ? { manual: adviceText(effect.manual) } : effect;

const inCodeOf = ({ terraform, cloudFormation }: InCode): InCode => ({
  terraform: adviceText(terraform),
  ...defined({ cloudFormation: cloudFormation && adviceText(cloudFormation) }),
});

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
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only this operation's own answers reach this function.
  undo: undo as CallStep['undo'],
  ...defined({ region }),
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
  ...defined({ region }),
});

/** An edit of a shared document as a step. Undo applies the inverse difference to what is live then. */
export const edit = <Content extends Json>(
  document: SharedDocument<Content>,
  apply: (content: Content) => Content,
  { key = '', region }: { readonly key?: string; readonly region?: string } = {},
): EditStep => ({
  type: 'edit',
  document,
  key,
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `apply` gets only what the document's own `read` returns.
  apply: apply as unknown as EditStep['apply'],
  ...defined({ region }),
});
