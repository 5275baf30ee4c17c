import { ConfigServiceClient, GetComplianceDetailsByConfigRuleCommand } from '@aws-sdk/client-config-service';
import { expect, test } from 'vitest';

import { previousVerdicts } from '../../src/config/previous-verdicts.ts';
import { fakeSession, on } from '../../src/testing/fake-session.ts';

const orderingTime = new Date('2026-11-19T12:00:00Z');
const result = (ResourceId: string, ComplianceType: 'COMPLIANT' | 'NON_COMPLIANT', Annotation?: string) => ({
  EvaluationResultIdentifier: {
    EvaluationResultQualifier: { ResourceType: 'AWS::S3::Bucket', ResourceId },
    OrderingTimestamp: orderingTime,
  },
  ComplianceType,
  ...(Annotation !== undefined && { Annotation }),
});

test('the verdicts that a rule shows are read from all pages, by resource', async () => {
  const session = fakeSession({
    allow: ['config:GetComplianceDetailsByConfigRule'],
    answers: [
      on(ConfigServiceClient, GetComplianceDetailsByConfigRuleCommand, ({ NextToken }) =>
        NextToken === undefined
          ? { EvaluationResults: [result('a', 'COMPLIANT')], NextToken: 'more' }
          : { EvaluationResults: [result('b|c', 'NON_COMPLIANT', 'Bad.')] },
      ),
    ],
  });
  await expect(previousVerdicts(session, 'rule-1')).resolves.toEqual(
    new Map([
      ['AWS::S3::Bucket|a', { complianceType: 'COMPLIANT', annotation: undefined, orderingTime }],
      ['AWS::S3::Bucket|b|c', { complianceType: 'NON_COMPLIANT', annotation: 'Bad.', orderingTime }],
    ]),
  );
  expect(session.sent[0]?.input).toMatchObject({
    ConfigRuleName: 'rule-1',
    ComplianceTypes: ['COMPLIANT', 'NON_COMPLIANT'],
    Limit: 100,
  });
});

test('a rule that shows nothing has no previous verdicts', async () => {
  const session = fakeSession({
    allow: ['config:GetComplianceDetailsByConfigRule'],
    answers: [on(ConfigServiceClient, GetComplianceDetailsByConfigRuleCommand, () => ({}))],
  });
  await expect(previousVerdicts(session, 'rule-1')).resolves.toEqual(new Map());
});
