import { expect, test } from 'vitest';

import { parseRemediationEvent } from '../../src/remediate/remediation-event.ts';
import { samplePayload } from '../../src/testing/sample-payload.ts';

test('the payload of the document says where to look', () => {
  expect(parseRemediationEvent(samplePayload())).toEqual(samplePayload());
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['a text', '{}'],
  ['a member that says what to do', samplePayload({ parameters: { force: true } })],
  ['no command', samplePayload({ complianceCommand: '' })],
  ['an account id that is none', samplePayload({ accountId: '12' })],
  ['a Region that is none', samplePayload({ region: 'eu-west-1.evil.example' })],
  ['an unknown partition', samplePayload({ partition: 'aws-evil' })],
  ['an execution id with odd characters', samplePayload({ executionId: 'a b' })],
  ['an execution id that is too long', samplePayload({ executionId: 'a'.repeat(65) })],
  ['a resource id that is too long', samplePayload({ resourceId: 'a'.repeat(769) })],
  ['no resource type', samplePayload({ resourceType: undefined })],
])('%s is a malformed event', (_, input) => {
  expect(() => parseRemediationEvent(input)).toThrow(
    expect.objectContaining({ kind: 'permanent', code: 'malformed-event' }),
  );
});
