import { sampleChangeEvent, serve } from '@compliance/core/testing';
import { sampleEnvironment } from '@compliance/runtime/testing';
import { expect, test, vi } from 'vitest';

test('the function as it is wired reads its settings first, and without them judges nothing', async () => {
  const asked: string[] = [];
  // All of AWS on loopback, where there is nothing yet: neither settings nor exemptions.
  const origin = await serve((request, response) => {
    asked.push(`${request.method} ${request.url?.split('?')[0]}`);
    response.writeHead(404).end('<Error><Code>NoSuchKey</Code><Message>It is not there.</Message></Error>');
  });
  const environment = sampleEnvironment({ AWS_ENDPOINT_URL: origin, AWS_REGION: 'eu-west-1' });
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
