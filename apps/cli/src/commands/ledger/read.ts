import { createSkipCounter, type Ledger, type SkipCounter } from '@compliance/ledger';

import { openLedger, type LedgerFlags } from '../../operator/open-ledger.ts';
import { readPlace } from '../../operator/read-in-master.ts';
import { printSkipped } from '../../output/print-skipped.ts';

export interface ReadFlags extends LedgerFlags {
  readonly days: number;
  readonly json?: true;
}

/** The last days, and the receiver of what is left out of them. */
interface LastDays extends Pick<SkipCounter, 'onSkipped'> {
  readonly from: Date;
}

/** Reads the last days of the ledger that the flags name, and tells what of it is left out. */
export const readLastDays = async <Read>(
  flags: ReadFlags,
  read: (ledger: Ledger, lastDays: LastDays) => Promise<Read>,
): Promise<Read> => {
  const ledger = await openLedger(flags);
  const skipped = createSkipCounter();
  const from = new Date(Date.now() - flags.days * 86_400_000);
  const result = await readPlace(flags.ledger, flags, () =>
    read(ledger, { from, onSkipped: skipped.onSkipped }),
  );
  printSkipped(skipped);
  return result;
};
