import { parseConfigurationItem } from '@compliance/core';
import { fakeSession, itemOf } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { BUCKET, policyTextOf } from '../src/index.ts';

const session = fakeSession({ allow: [], answers: [] });
const textOf = (BucketPolicy: unknown) =>
  policyTextOf(
    parseConfigurationItem(
      itemOf({ resourceType: BUCKET, resourceId: 'logs' }, session, {
        arn: 'arn:aws:s3:::logs',
        supplementaryConfiguration: { BucketPolicy },
      }),
    ),
  );

test('an item says what policy a bucket has, or that it has none', () => {
  expect(textOf({ policyText: '{"Statement":[]}' })).toBe('{"Statement":[]}');
  expect(textOf({ policyText: null })).toBeNull();
});

test.each([
  ['no policy text', {}],
  ['an empty text', { policyText: '' }],
  ['a text that ends too early', { policyText: '{"Statement":[{"Effect":"All' }],
  ['a text that is no policy', { policyText: '{}' }],
  ['nothing', undefined],
])('an item with %s does not decide, so that the live policy is read', (_, policy) => {
  expect(textOf(policy)).toBeUndefined();
});
