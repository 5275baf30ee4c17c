import { sampleChangeEvent, serve } from '@compliance/core/testing';
import { sampleEnvironment } from '@compliance/runtime/testing';
import { expect, test, vi } from 'vitest';

test('the deployed function reads its settings first, and judges nothing without them', async () => {
  const requests: string[] = [];
  // All of AWS on loopback, without settings and exemptions.
  const origin = await serve((request, response) => {
    requests.push(`${request.method} ${request.url?.split('?')[0]}`);
    response
      .writeHead(404)
      .end('<Error><Code>NoSuchKey</Code><Message>The object does not exist.</Message></Error>');
  });
  const environment = sampleEnvironment({ AWS_ENDPOINT_URL: origin, AWS_REGION: 'eu-west-1' });
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const { handler } = await import('../src/lambda.ts');
  await expect(handler(sampleChangeEvent())).rejects.toMatchObject({
    kind: 'transient',
    code: 'settings-unreadable',
    message: expect.stringContaining('The object does not exist.') as string,
  });
  // Only settings and exemptions are read: no role is assumed, and no verdict is sent.
  expect(requests).toContain('GET /settings/settings.json');
  expect(
    requests.filter((request) => !/^GET \/settings\/(settings|exemptions)\.json$/.test(request)),
  ).toEqual([]);
});
