import { PROOF_HEADER } from '@compliance/core';
import { samplePayload, serve } from '@compliance/core/testing';
import { sampleEnvironment } from '@compliance/runtime/testing';
import { expect, test, vi } from 'vitest';

const IDENTITY = '<Arn>arn:aws:sts::999988887777:assumed-role/ops/jo</Arn><Account>999988887777</Account>';
const FUNCTION = 'arn:aws:lambda:eu-west-1:999988887777:function:compliance-generic-remediation';

const invokedAs = (invokedFunctionArn: string) => ({
  invokedFunctionArn,
  awsRequestId: 'request-1',
  getRemainingTimeInMillis: () => 290_000,
});

/** Starts the function where STS knows the caller, and settings and exemptions are absent. */
const start = async () => {
  const requests: string[] = [];
  const origin = await serve((request, response) => {
    requests.push(`${request.method} ${request.url?.split('&')[0]}`);
    if (request.url?.startsWith('/?Action=GetCallerIdentity')) response.end(IDENTITY);
    else
      response
        .writeHead(404)
        .end('<Error><Code>NoSuchKey</Code><Message>The object does not exist.</Message></Error>');
  });
  const environment = sampleEnvironment({ AWS_ENDPOINT_URL: origin, AWS_REGION: 'eu-west-1' });
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return { requests, origin, ...(await import('../src/lambda.ts')) };
};

const unreadable = { kind: 'transient', code: 'settings-unreadable' };

test('the deployed function reads its settings first at either door, and does nothing without them', async () => {
  const { requests, origin, handler } = await start();
  const payload = samplePayload({ complianceCommand: 'S3_ENABLE_VERSIONING' });
  await expect(handler(payload, invokedAs(FUNCTION))).rejects.toMatchObject(unreadable);
  expect(requests).not.toContain('GET /?Action=GetCallerIdentity');

  const now = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const proof = `${origin}/?Action=GetCallerIdentity&X-Amz-Date=${now}&X-Amz-SignedHeaders=host%3B${PROOF_HEADER}&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=${'f00d'.repeat(16)}`;
  const request = { action: 'approve', id: 'plan-0123456789abcdef', proof, executionId: 'operator-1' };
  await expect(handler(request, invokedAs(`${FUNCTION}:operator`))).rejects.toMatchObject(unreadable);
  expect(requests).toContain('GET /?Action=GetCallerIdentity');
  // No role is assumed, no table is read and nothing is published.
  const others = requests.filter((one) => !/^GET \/(settings\/|\?Action=GetCallerIdentity)/.test(one));
  expect(others).toEqual([]);
});
