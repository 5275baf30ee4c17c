import type { Deliver } from '@compliance/core';

import type { Ledger } from './ledger.ts';

/** Publishes audit events to a ledger. */
export const ledgerPublisher =
  (ledger: Ledger): Deliver =>
  async (events) => {
    await ledger.append(events);
    return [];
  };
