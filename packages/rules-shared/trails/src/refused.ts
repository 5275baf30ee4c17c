import { errorCode, errorWithCode, failureKind, hasCode } from '@compliance/core/rule';

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

/** The answer about one trail, where nothing else depends on it. @throws AWS's code, if it refused to answer */
export const orThrow = <Answer extends object>(answer: Answer | Refused, name: string): Answer => {
  if (isRefused(answer)) throw errorWithCode(answer.unreadable, `CloudTrail refused to read trail ${name}.`);
  return answer;
};

const isRefused = (answer: object): answer is Refused => 'unreadable' in answer;
