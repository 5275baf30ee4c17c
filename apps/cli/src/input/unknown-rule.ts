import { commands } from '@compliance/registry';

import { didYouMean } from './did-you-mean.ts';

/** `unknown rule X - did you mean 'Y'?`, `no rule matches X_*`, or nothing if the rule exists. */
export const unknownRule = (rule: string): string | undefined => {
  if (commands.includes(rule)) return undefined;
  return rule.includes('*') ? `no rule matches ${rule}` : `unknown rule ${rule}${didYouMean(rule, commands)}`;
};
