import { didYouMean } from '@compliance/core/scan';
import { commands } from '@compliance/registry';

import { UsageError } from '../output/exit-codes.ts';

/** `unknown rule X - did you mean 'Y'?`, `no rule matches X_*`, or nothing if the rule exists. */
export const unknownRule = (rule: string): string | undefined => {
  if (commands.includes(rule)) return undefined;
  return rule.includes('*') ? `no rule matches ${rule}` : `unknown rule ${rule}${didYouMean(rule, commands)}`;
};

/** @throws {UsageError} with the nearest rule when the rule does not exist */
export const assertRule = (rule: string): void => {
  if (!commands.includes(rule))
    throw new UsageError(
      `Unknown rule: '${rule}'${didYouMean(rule, commands) || '.'} List rules with 'compliance rules list'.`,
    );
};
