/** An error in a message between threads, which by itself would lose its name and its code: what tells why it failed. */
export interface SentError {
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly cause?: SentError;
}

/** What the reason of a failure is known by, beside the message. */
const FACTS = ['name', 'code', 'hostname', 'address', 'port', '$metadata'] as const;

export const sentError = (error: unknown): SentError => {
  if (!(error instanceof Error)) return { message: String(error), facts: {} };
  const facts = FACTS.flatMap((fact) => {
    const value: unknown = Reflect.get(error, fact);
    return value === undefined ? [] : [[fact, value] as const];
  });
  return {
    message: error.message,
    facts: Object.fromEntries(facts),
    ...(error.cause instanceof Error && { cause: sentError(error.cause) }),
  };
};

export const receivedError = ({ message, facts, cause }: SentError): Error =>
  Object.assign(new Error(message, cause && { cause: receivedError(cause) }), facts);
