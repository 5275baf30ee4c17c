import {
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  ElasticLoadBalancingV2Client,
  type ProtocolEnum,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AccountId } from '@compliance/core';
import { fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const arn = (kind: 'app' | 'net' | 'gwy') =>
  `arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/${kind}/shop/0123456789abcdef`;
const context = (parameters: object) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
});
const itemWith = (kind: 'app' | 'net' | 'gwy', LoadBalancerAttributes: unknown) => ({
  resourceType: rule.resourceType,
  resourceId: arn(kind),
  accountId: AccountId.parse('111122223333'),
  awsRegion: 'eu-west-1',
  status: 'OK' as const,
  captureTime: new Date('2026-11-20T12:00:00Z'),
  configuration: {},
  supplementary: { LoadBalancerAttributes },
});
const attributes = (value: string) => [
  { key: 'deletion_protection.enabled', value: 'true' },
  { key: 'access_logs.s3.enabled', value },
];

test('the attributes of an item are JSON text with values as text, encoded once or twice', () => {
  for (const written of [attributes('true'), JSON.stringify(attributes('true'))])
    expect(rule.observe.item?.(itemWith('app', written))?.facts).toEqual({
      type: 'application',
      canLog: true,
      enabled: true,
    });
  expect(rule.observe.item?.(itemWith('app', attributes('false')))?.facts.enabled).toBe(false);
  for (const unreadable of [undefined, '[', { key: 'access_logs.s3.enabled' }])
    expect(rule.observe.item?.(itemWith('app', unreadable))).toBeUndefined();
});

test('a network load balancer is asked for its listeners: it logs TLS alone', async () => {
  expect(rule.observe.item?.(itemWith('net', attributes('true')))).toBeUndefined();
  const verdictWith = async (...protocols: ProtocolEnum[]) => {
    const session = fakeSession({
      allow: rule.permissions.get,
      answers: [
        on(ElasticLoadBalancingV2Client, DescribeLoadBalancerAttributesCommand, () => ({ Attributes: [] })),
        // One listener a page.
        on(
          ElasticLoadBalancingV2Client,
          DescribeListenersCommand,
          ({ Marker = '0' }: { Marker?: string }) => ({
            Listeners: protocols.slice(Number(Marker), Number(Marker) + 1).map((Protocol) => ({ Protocol })),
            ...(Number(Marker) + 1 < protocols.length && { NextMarker: String(Number(Marker) + 1) }),
          }),
        ),
      ],
    });
    const resource = { resourceType: rule.resourceType, resourceId: arn('net') };
    const observed = await rule.observe.get(resource, { session });
    expect(observed?.identity).toEqual({ resourceName: 'shop' });
    return observed && rule.judge(observed.facts, context({})).complianceType;
  };
  await expect(verdictWith('TCP', 'TLS')).resolves.toBe('NON_COMPLIANT');
  await expect(verdictWith('TCP', 'UDP')).resolves.toBe('NOT_APPLICABLE');
});

test('a gateway load balancer has no access logs', () => {
  const facts = { type: 'gateway', canLog: false, enabled: false } as const;
  expect(rule.judge(facts, context({})).complianceType).toBe('NOT_APPLICABLE');
});

test('without a bucket in the settings a person decides, and a prefix that AWS refuses is refused there', () => {
  const facts = { type: 'application', canLog: true, enabled: false } as const;
  const resource = { resourceType: rule.resourceType, resourceId: arn('app') };
  expect(rule.fix?.({ ...context({}), resource, facts, handles: undefined })).toEqual({
    manual: expect.stringContaining('logBucket'),
  });
  for (const logPrefix of ['/lb', 'lb/', 'my/AWSLogs/here'])
    expect(rule.parameters.safeParse({ logPrefix }).success).toBe(false);
});
