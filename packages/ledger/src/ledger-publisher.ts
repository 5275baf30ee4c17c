import type { Publisher } from '@compliance/core';

import type { Ledger } from './ledger.ts';

/** Keeps audit events in a ledger. */
export const ledgerPublisher =
  (ledger: Ledger): Publisher =>
  (events) =>
    ledger.append(events);
