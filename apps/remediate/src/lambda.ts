import { createRemediateSessions } from '@compliance/core';
import { loadRule } from '@compliance/registry';
import { isStopped, proveCaller, wireFunction } from '@compliance/runtime';

import { createHandler } from './handler.ts';

const { sts, home, environment, ...wiring } = wireFunction(process.env);

/** `compliance-generic-remediation`: SSM Automation and operators invoke it, in the master account. */
export const handler = createHandler({
  ...wiring,
  loadRule,
  openSession: createRemediateSessions({
    sts,
    externalId: async () => (await wiring.loadSettings()).organization.externalId,
  }),
  isStopped: () => isStopped(home, environment.stopParameter),
  proveCaller: proveCaller(process.env, environment.region),
});
