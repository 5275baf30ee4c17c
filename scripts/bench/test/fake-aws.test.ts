import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { accessKeyIdOf } from '../fake-aws/parse-call.ts';
import { startFakeAws, type FakeAws } from '../start-fake-aws.ts';

const ACCOUNT = '111122223333';
let aws: FakeAws;

beforeAll(async () => {
  aws = await startFakeAws();
});
beforeEach(() => aws.become({ latencyMs: 0, buckets: 3, objects: {} }));
afterAll(() => aws.stop());

interface Init {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const call = (service: string, path: string, init: Init = {}) =>
  fetch(`${aws.environment(ACCOUNT)['AWS_ENDPOINT_URL'] ?? ''}${path}`, {
    ...init,
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyIdOf(ACCOUNT)}/20260101/eu-west-1/${service}/aws4_request`,
      ...init.headers,
    },
  });

test('calls are counted by account and operation', async () => {
  await Promise.all([call('s3', '/bucket-00000?versioning'), call('s3', '/bucket-00001?versioning')]);
  const counts = await aws.counts();
  expect(Object.keys(counts.operations)).toEqual([`${ACCOUNT} s3:GetBucketVersioning`]);
  expect(counts.of(/ s3:/)).toMatchObject({ calls: 2, refused: 0 });
});

test('a listing continues where the previous page ended', async () => {
  const first = await (await call('s3', '/?max-buckets=2&x-id=ListBuckets')).text();
  expect(first).toContain('<ContinuationToken>2</ContinuationToken>');
  const second = await (await call('s3', '/?max-buckets=2&continuation-token=2')).text();
  expect([...second.matchAll(/<Name>(.*?)</g)].map(([, name]) => name)).toEqual(['bucket-00002']);
});

test('calls beyond the limit are refused with 503, in that account only', async () => {
  await aws.recount({ limit: { perSecond: 0, burst: 1 } });
  const statuses = [await call('s3', '/'), await call('s3', '/')].map(({ status }) => status);
  expect(statuses).toEqual([200, 503]);
  expect((await aws.counts()).of(/ListBuckets/).refused).toBe(1);
});

test('verdicts stay when the counts are reset', async () => {
  const headers = (operation: string) => ({ 'x-amz-target': `StarlingDoveService.${operation}` });
  const Evaluations = ['COMPLIANT', 'NOT_APPLICABLE'].map((ComplianceType) => ({
    ComplianceResourceType: 'AWS::S3::Bucket',
    ComplianceResourceId: ComplianceType,
    ComplianceType,
    OrderingTimestamp: 1,
  }));
  const put = { method: 'POST', headers: headers('PutEvaluations'), body: JSON.stringify({ Evaluations }) };
  await call('config', '/', put);
  expect((await aws.counts()).evaluations).toEqual([2]);
  await aws.recount();
  const get = { method: 'POST', headers: headers('GetComplianceDetailsByConfigRule'), body: '{}' };
  expect(await (await call('config', '/', get)).json()).toMatchObject({
    EvaluationResults: [{ ComplianceType: 'COMPLIANT' }],
  });
});
