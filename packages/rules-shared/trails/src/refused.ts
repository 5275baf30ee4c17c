import { errorCode, failureKind, hasCode } from '@compliance/core/rule';

/** The code of the error with which AWS refuses to answer. */
export interface Refused {
  readonly unreadable: string;
}

/** The answer, or the code with which AWS refuses it: one unreadable trail must not hide the others. */
export const unlessRefused = async <Answer extends object>(
  answer: Promise<Answer>,
  { except = [] }: { readonly except?: readonly string[] } = {},
): Promise<Answer | Refused> => {
  try {
    return await answer;
  } catch (error) {
    if (failureKind(error) === 'transient' || hasCode(error, ...except)) throw error;
    return { unreadable: errorCode(error) };
  }
};
