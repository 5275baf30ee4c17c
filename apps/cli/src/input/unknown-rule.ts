import { commands } from '@compliance/registry';

import { didYouMean } from './did-you-mean.ts';

/** `unknown rule X - did you mean 'Y'?`, or nothing if the rule exists. */
export const unknownRule = (rule: string): string | undefined =>
  commands.includes(rule) ? undefined : `unknown rule ${rule}${didYouMean(rule, commands)}`;
