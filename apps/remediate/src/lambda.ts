import { createRemediateSessions } from '@compliance/core';
import { loadRule } from '@compliance/registry';
import { isStopped, callerVerifier, createFunctionContext } from '@compliance/runtime';

import { createHandler } from './handler.ts';

const { sts, home, environment, ...context } = createFunctionContext(process.env);

/** `compliance-generic-remediation`: SSM Automation and operators invoke it, in the master account. */
export const handler = createHandler({
  ...context,
  loadRule,
  openSession: createRemediateSessions({
    sts,
    externalId: async () => (await context.loadSettings()).organization.externalId,
  }),
  isStopped: () => isStopped(home, environment.stopParameter),
  verifyCaller: callerVerifier(process.env, environment.region),
});
