import type { RecoveryRequest, Session } from '@compliance/core';

/** Asks the remediation function of the same Region to recover, and does not wait for the result. */
export const askRemediation =
  (own: Session) =>
  async (request: RecoveryRequest): Promise<void> => {
    // Loaded on demand: an interrupted run is rare.
    const { invokeRecovery } = await import('./invoke-recovery.ts');
    await invokeRecovery(own, request);
  };
