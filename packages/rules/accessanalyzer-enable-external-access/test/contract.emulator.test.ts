import { AccessAnalyzerClient, CreateAnalyzerCommand, type Type } from '@aws-sdk/client-accessanalyzer';
import type { Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';

import { rule } from '../src/rule.ts';

const analyzers =
  (...types: readonly Type[]) =>
  async (admin: Session) => {
    for (const type of types)
      await admin
        .client(AccessAnalyzerClient)
        .send(new CreateAnalyzerCommand({ analyzerName: `of-${type}`, type }));
    return { resourceType: 'AWS::::Account', resourceId: admin.accountId };
  };

const nameTaken = async (admin: Session) => {
  await admin
    .client(AccessAnalyzerClient)
    .send(new CreateAnalyzerCommand({ analyzerName: 'external-access', type: 'ACCOUNT_UNUSED_ACCESS' }));
  return { resourceType: 'AWS::::Account', resourceId: admin.accountId };
};

describeRuleContract(rule, {
  compliant: {
    'an account with an analyzer of its own': analyzers('ACCOUNT'),
    'an account with the analyzer of its organization': analyzers('ORGANIZATION'),
  },
  nonCompliant: {
    'an account without an analyzer': analyzers(),
    'an account with analyzers of unused and internal access alone': analyzers(
      'ACCOUNT_UNUSED_ACCESS',
      'ORGANIZATION_UNUSED_ACCESS',
      'ACCOUNT_INTERNAL_ACCESS',
      'ORGANIZATION_INTERNAL_ACCESS',
    ),
  },
  manual: { 'an account whose analyzer of another type has the name of ours': nameTaken },
});
