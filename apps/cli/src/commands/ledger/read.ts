import { createSkipCounter, type Ledger, type SkipCounter } from '@compliance/ledger';

import { masterAccess } from '../../operator/master-access.ts';
import { openLedger, type LedgerFlags } from '../../operator/open-ledger.ts';
import { readInMaster } from '../../operator/read-in-master.ts';
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
  const reading = () => read(ledger, { from, onSkipped: skipped.onSkipped });
  // Another place than the deployment's own has its own errors.
  const result = await (flags.ledger === undefined
    ? readInMaster(await masterAccess(flags), reading)
    : reading());
  printSkipped(skipped);
  return result;
};
