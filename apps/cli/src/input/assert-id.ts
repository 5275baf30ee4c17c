import { UsageError } from '../output/exit-codes.ts';

/** @throws {UsageError} when this is not what the id of such a thing looks like */
export const assertId = (kind: 'plan' | 'change', id: string): void => {
  if (!new RegExp(`^${kind}-[0-9a-f]{16}$`).test(id))
    throw new UsageError(`'${id}' is no ${kind} id: it looks like ${kind}-0123456789abcdef.`);
};
