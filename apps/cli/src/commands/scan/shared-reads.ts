import {
  accessFailure,
  canonical,
  failureKind,
  type CallOf,
  type SessionOptions,
} from '@compliance/core/scan';

/** How many answers of an operation in a Region are kept: rules in step ask for the same within fewer. */
const KEPT = 256;

type Answers = Map<string, Promise<object>>;

/**
 * Sends equal reads of one account's scan once. The last answers of each operation are kept, whatever the account holds.
 * What may be different next time is shared only while it is under way: a failure that can pass, and a part of a list,
 * whose continuation expires. A call that is no read may change what its service answers, from its end on.
 */
export const createSharedReads = (kept = KEPT): NonNullable<SessionOptions['share']> => {
  const services = new Map<string, Map<string, Answers>>();

  const answersOf = ({ service, operation, region }: CallOf): Answers => {
    const operations = services.get(service) ?? new Map<string, Answers>();
    services.set(service, operations);
    const answers = operations.get(`${region} ${operation}`) ?? new Map();
    operations.set(`${region} ${operation}`, answers);
    return answers;
  };

  return (call, send) => {
    if (!/^(?:Get|List|Describe)/.test(call.operation))
      return send().finally(() => services.delete(call.service));
    const answers = answersOf(call);
    const key = canonical(call.input);
    const known = answers.get(key);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- equal calls have answers of one type.
    if (known) return known as ReturnType<typeof send>;
    const forget = () => {
      if (answers.get(key) === answer) answers.delete(key);
    };
    const ask = async () => {
      try {
        const output = await send();
        if (isPart(call.input) || isPart(output)) forget();
        return output;
      } catch (error) {
        if (!isDefinite(error)) forget();
        throw error;
      }
    };
    const answer = ask();
    answers.set(key, answer);
    for (const oldest of answers.keys()) {
      if (answers.size <= kept) break;
      answers.delete(oldest);
    }
    return answer;
  };
};

/** Whether a request continues a list, or an answer has a continuation. Services name it in a few ways. */
const isPart = (message: object): boolean =>
  Object.entries(message).some(
    ([name, value]) => /(?:token|marker|position)$/i.test(name) && typeof value === 'string' && value !== '',
  );

/** Whether AWS answers so again, such as that a bucket has no policy. Credentials that it refuses may be renewed. */
const isDefinite = (error: unknown): boolean =>
  error instanceof Error &&
  '$fault' in error &&
  error.$fault === 'client' &&
  failureKind(error) === 'permanent' &&
  accessFailure(error) === undefined;
