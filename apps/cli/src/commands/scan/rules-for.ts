import type { Rule } from '@compliance/core';

import { UsageError } from '../../output/exit-codes.ts';
import type { Source } from './scan-source.ts';

/**
 * The rules that a source can answer. The others are named: they are not judged, so they are not compliant.
 * @throws {UsageError} when there are none
 */
export const rulesFor = (source: Source, rules: readonly Rule[]): readonly Rule[] => {
  if (source !== 'config') return rules;
  const readable = rules.filter(({ observe }) => observe.item !== undefined);
  const others = rules.filter(({ observe }) => observe.item === undefined).map(({ command }) => command);
  if (readable.length === 0)
    throw new UsageError("AWS Config's items decide none of the rules. Use --source both, or live.");
  if (others.length > 0)
    process.stderr.write(
      `not judged: ${others.length} rules need a live look (--source both): ${others.join(', ')}\n`,
    );
  return readable;
};
