import type { Publisher } from '@compliance/core';

import type { Ledger } from './ledger.ts';

/** Publishes audit events to a ledger. */
export const ledgerPublisher =
  (ledger: Ledger): Publisher =>
  (events) =>
    ledger.append(events);
