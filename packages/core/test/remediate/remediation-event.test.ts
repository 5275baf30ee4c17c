import { expect, test } from 'vitest';

import { parseRemediationEvent } from '../../src/remediate/remediation-event.ts';
import { samplePayload } from '../../src/testing/sample-payload.ts';

test('the payload of the document names a resource', () => {
  expect(parseRemediationEvent(samplePayload())).toEqual(samplePayload());
});

test.each<[string, unknown]>([
  ['a missing payload', undefined],
  ['a text', '{}'],
  ['a payload that says what to do', samplePayload({ parameters: { force: true } })],
  ['an empty command', samplePayload({ complianceCommand: '' })],
  ['an invalid account id', samplePayload({ accountId: '12' })],
  ['an invalid Region', samplePayload({ region: 'eu-west-1.evil.example' })],
  ['an unknown partition', samplePayload({ partition: 'aws-evil' })],
  ['an execution id with odd characters', samplePayload({ executionId: 'a b' })],
  ['an execution id that is too long', samplePayload({ executionId: 'a'.repeat(65) })],
  ['a resource id that is too long', samplePayload({ resourceId: 'a'.repeat(769) })],
  ['a missing resource type', samplePayload({ resourceType: undefined })],
])('%s is a malformed event', (_, input) => {
  expect(() => parseRemediationEvent(input)).toThrow(
    expect.objectContaining({ kind: 'permanent', code: 'malformed-event' }),
  );
});
