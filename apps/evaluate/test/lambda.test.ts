import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { sampleChangeEvent } from '@compliance/core/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

/** All of AWS on loopback, where there is nothing yet: neither settings nor exemptions. */
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url?.split('?')[0]}`);
  response.writeHead(404).end('<Error><Code>NoSuchKey</Code><Message>It is not there.</Message></Error>');
});
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => void server.close(resolve));
});

test('the function as it is wired reads its settings first, and without them judges nothing', async () => {
  const environment = {
    // A server that listens on TCP has an address of this shape.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see the line above.
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
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
  const { handler } = await import('../src/lambda.ts');
  await expect(handler(sampleChangeEvent())).rejects.toMatchObject({
    kind: 'transient',
    code: 'settings-unreadable',
    message: expect.stringContaining('It is not there.') as string,
  });
  // Of settings and exemptions alone: no role is assumed, and no verdict sent.
  expect(asked).toContain('GET /settings/settings.json');
  expect(asked.filter((request) => !/^GET \/settings\/(settings|exemptions)\.json$/.test(request))).toEqual(
    [],
  );
});
