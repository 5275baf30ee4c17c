import { createEvaluate, createEvaluateSessions, putEvaluations } from '@compliance/core';
import { loadRule } from '@compliance/registry';
import { wireFunction } from '@compliance/runtime';

const { sts, ...wiring } = wireFunction(process.env);

/** `compliance-generic-rule`: AWS Config invokes it, in the master account, for the rules of every member. */
export const handler = createEvaluate({
  ...wiring,
  loadRule,
  openSession: createEvaluateSessions({
    sts,
    externalId: async () => (await wiring.loadSettings()).organization.externalId,
  }),
  put: putEvaluations,
});
