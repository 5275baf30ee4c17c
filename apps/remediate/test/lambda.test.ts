import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { PROOF_HEADER } from '@compliance/core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

/** All of AWS on loopback: STS knows who asks, and there is nothing else yet, neither settings nor exemptions. */
const asked: string[] = [];
const IDENTITY = '<Arn>arn:aws:sts::999988887777:assumed-role/ops/jo</Arn><Account>999988887777</Account>';
const FUNCTION = 'arn:aws:lambda:eu-west-1:999988887777:function:compliance-generic-remediation';
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url?.split('&')[0]}`);
  if (request.url?.startsWith('/?Action=GetCallerIdentity')) response.end(IDENTITY);
  else
    response.writeHead(404).end('<Error><Code>NoSuchKey</Code><Message>It is not there.</Message></Error>');
});
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => void server.close(resolve));
});

const invokedAs = (invokedFunctionArn: string) => ({
  invokedFunctionArn,
  getRemainingTimeInMillis: () => 290_000,
});

/** The function, started in the environment that the modules give it. */
const start = async () => {
  // A server that listens on TCP has an address of this shape.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see the line above.
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const environment = {
    AWS_ENDPOINT_URL: origin,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    COMPLIANCE_HOME_REGION: 'eu-west-1',
    COMPLIANCE_SETTINGS_BUCKET: 'settings',
    COMPLIANCE_STATE_TABLE: 'state',
    COMPLIANCE_AUDIT_LOG_GROUP: '/compliance/audit',
    COMPLIANCE_TOPIC_ARN: 'arn:aws:sns:eu-west-1:999988887777:compliance-audit',
    COMPLIANCE_LEDGER_BUCKET: 'ledger',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return { origin, ...(await import('../src/lambda.ts')) };
};

const unreadable = { kind: 'transient', code: 'settings-unreadable' };

test('the function as it is wired reads its settings first at either door, and without them does nothing', async () => {
  const { origin, handler } = await start();
  const payload = {
    complianceCommand: 'S3_ENABLE_VERSIONING',
    resourceType: 'AWS::S3::Bucket',
    resourceId: 'logs',
    accountId: '111122223333',
    region: 'eu-west-1',
    partition: 'aws',
    executionId: 'execution-1',
  };
  await expect(handler(payload, invokedAs(FUNCTION))).rejects.toMatchObject(unreadable);
  expect(asked).not.toContain('GET /?Action=GetCallerIdentity');

  const now = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const proof = `${origin}/?Action=GetCallerIdentity&X-Amz-Date=${now}&X-Amz-SignedHeaders=host%3B${PROOF_HEADER}&X-Amz-Signature=f00d`;
  const request = { action: 'approve', id: 'plan-0123456789abcdef', proof, executionId: 'operator-1' };
  await expect(handler(request, invokedAs(`${FUNCTION}:operator`))).rejects.toMatchObject(unreadable);
  expect(asked).toContain('GET /?Action=GetCallerIdentity');
  // No role is assumed, no table asked, nothing published.
  const others = asked.filter((one) => !/^GET \/(settings\/|\?Action=GetCallerIdentity)/.test(one));
  expect(others).toEqual([]);
});
