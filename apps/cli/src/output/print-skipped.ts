import { oneLine } from '@compliance/core/printable';
import type { SkipCounter } from '@compliance/ledger';

import { EXIT } from './exit-codes.ts';

/**
 * Tells on standard error what of the ledger is left out. What a later release wrote is no fault; for what is malformed
 * or foreign, the command ends with an exit code of its own, because its answer may lack something.
 */
export const printSkipped = ({ counts, first }: Pick<SkipCounter, 'counts' | 'first'>): void => {
  if (counts.later > 0)
    process.stderr.write(
      `${counts.later} events of a later release are left out. Update this software to read them.\n`,
    );
  if (counts.malformed === 0) return;
  const more = counts.malformed - first.length;
  process.stderr.write(
    [
      `${counts.malformed} malformed or foreign lines or objects of the ledger are left out:`,
      ...first.map(({ place, problem }) => oneLine(`  ${place}: ${problem}`)),
      ...(more > 0 ? [`  and ${more} more`] : []),
      '',
    ].join('\n'),
  );
  process.exitCode = EXIT.incomplete;
};
