import { createEvaluate, createEvaluateSessions, putEvaluations } from '@compliance/core';
import { loadRule } from '@compliance/registry';
import { askRemediation, createFunctionContext } from '@compliance/runtime';

const { sts, ...context } = createFunctionContext(process.env);

/** `compliance-generic-rule`: AWS Config invokes it, in the master account, for the rules of every member. */
export const handler = createEvaluate({
  ...context,
  loadRule,
  openSession: createEvaluateSessions({
    sts,
    externalId: async () => (await context.loadSettings()).organization.externalId,
  }),
  put: putEvaluations,
  recover: askRemediation(context.own),
});
