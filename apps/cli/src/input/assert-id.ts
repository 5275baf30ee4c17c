import { ChangeId, PlanId } from '@compliance/core';

import { UsageError } from '../output/exit-codes.ts';

/** @throws {UsageError} when the id does not have the form of a plan's or a change's id */
export const assertId = (kind: 'plan' | 'change', id: string): void => {
  const schema = kind === 'plan' ? PlanId : ChangeId;
  if (!schema.safeParse(id).success)
    throw new UsageError(`Invalid ${kind} id: '${id}'. Use an id such as ${kind}-0123456789abcdef.`);
};
