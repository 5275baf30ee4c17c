import { createEvaluate, createEvaluateSessions, putEvaluations } from '@compliance/core';
import { loadRule } from '@compliance/registry';
import { wireFunction } from '@compliance/runtime';

const { settings, sts, ...wiring } = wireFunction(process.env);

/** `compliance-generic-rule`: AWS Config invokes it, in the master account, for the rules of every member. */
export const handler = createEvaluate({
  ...wiring,
  settings,
  loadRule,
  openSession: createEvaluateSessions({
    sts,
    externalId: async () => (await settings()).organization.externalId,
  }),
  put: putEvaluations,
});
