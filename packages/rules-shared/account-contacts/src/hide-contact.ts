import { errorCode, errorWithCode, failureKind, hasCode, type CallStep } from '@compliance/core/rule';

interface Shown {
  /** What plans, journals and events show instead of the input. Another contact needs another digest in it. */
  readonly shown: object;
  /** The parameter of the settings that holds the contact. */
  readonly parameter: string;
}

/** The same call, of which only AWS gets the contact. An apply computes the step again, from the settings. */
export const hideContact = (step: CallStep, { shown, parameter }: Shown): CallStep => ({
  ...step,
  input: shown,
  operation: {
    ...step.operation,
    send: async (_, session) => {
      try {
        return await step.operation.send(step.input, session);
      } catch (error) {
        throw withoutContact(error, parameter);
      }
    },
  },
});

/** AWS may quote the value that it refuses, and the text of an error ends in the journal. */
const withoutContact = (error: unknown, parameter: string): unknown =>
  failureKind(error) === 'transient' || hasCode(error, 'AccessDeniedException', 'AccessDenied')
    ? error
    : errorWithCode(
        errorCode(error),
        `AWS refuses the contact of the settings. Check the parameter ${parameter}. Its own message may quote personal data and is left out.`,
      );
