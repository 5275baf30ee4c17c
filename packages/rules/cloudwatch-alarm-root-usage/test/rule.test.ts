import { verdictOn } from '@compliance/log-alarms/testing';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

describe('a filter is COMPLIANT with', () => {
  test.each([
    [
      'the pattern of the benchmark',
      '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
    ],
    [
      'one in another order and without quotes',
      '{($.eventType != AwsServiceEvent) && ($.userIdentity.type = Root) && ($.userIdentity.invokedBy NOT EXISTS)}',
    ],
  ])('%s', async (_, pattern) => {
    await expect(verdictOn(rule, pattern)).resolves.toEqual({ complianceType: 'COMPLIANT' });
  });
});

describe('a filter is NON_COMPLIANT with', () => {
  test.each([
    [
      'one of sign-ins only',
      '{ $.userIdentity.type = Root && $.eventName = ConsoleLogin }',
      'misses CreateAccessKey by root, RunInstances by root',
    ],
    [
      'one that counts what services do for root',
      '{ $.userIdentity.type = Root }',
      'counts a call of a service for root too',
    ],
    [
      'one that counts events of services',
      '{ $.userIdentity.type = Root && $.userIdentity.invokedBy NOT EXISTS }',
      'counts an event of a service too',
    ],
    [
      'one of which any clause is enough',
      '{ $.userIdentity.type = Root || $.userIdentity.invokedBy NOT EXISTS || $.eventType != AwsServiceEvent }',
      'too, so that its alarm stays on',
    ],
  ])('%s', async (_, pattern, found) => {
    await expect(verdictOn(rule, pattern)).resolves.toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation: expect.stringContaining(found),
    });
  });
});
