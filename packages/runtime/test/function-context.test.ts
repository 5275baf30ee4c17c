import { serve, settingsWith } from '@compliance/core/testing';
import { describe, expect, test, vi } from 'vitest';

import { createFunctionContext } from '../src/function-context.ts';
import { sampleEnvironment } from '../src/testing/sample-environment.ts';

/** A settings bucket on loopback, which the SDK uses for all of AWS. Other paths answer 404. */
const settingsBucket = async (objects: Record<string, string>) => {
  const asked: string[] = [];
  const origin = await serve((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    asked.push(path);
    const text = objects[path];
    if (text !== undefined) response.end(text);
    else
      response
        .writeHead(404)
        .end('<Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>');
  });
  vi.stubEnv('AWS_ENDPOINT_URL', origin);
  return { objects, asked };
};

/** The context after its first loads, so that no request outlives its test. */
const loadedContext = async (env: NodeJS.ProcessEnv = {}) => {
  const context = createFunctionContext(sampleEnvironment(env));
  await Promise.allSettled([context.loadSettings(), context.loadExemptions()]);
  return context;
};

const good = {
  '/settings/settings.json': JSON.stringify(settingsWith()),
  '/settings/exemptions.json': JSON.stringify({ exemptions: [] }),
};

describe('the context of a function', () => {
  test('a function takes its account from the topic’s ARN and its home Region from the environment', async () => {
    await settingsBucket(good);
    const { home, sts, environment } = await loadedContext();
    expect(home).toMatchObject({ accountId: '999988887777', region: 'eu-west-1' });
    expect(environment.region).toBe('eu-central-1');
    // In the function's own Region: each has its own limits.
    await expect(sts.config.region()).resolves.toBe('eu-central-1');
  });

  test('a function calls AWS with the credentials of its execution role', async () => {
    await settingsBucket(good);
    const { sts } = await loadedContext({ AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SESSION_TOKEN: 'token' });
    await expect(sts.config.credentials()).resolves.toMatchObject({
      accessKeyId: 'AKIAEXAMPLE',
      sessionToken: 'token',
    });
  });

  test('a function reads settings and exemptions once for many events', async () => {
    const { asked } = await settingsBucket(good);
    const { loadSettings, loadExemptions } = await loadedContext();
    await Promise.all([loadSettings(), loadSettings(), loadExemptions(), loadExemptions()]);
    await expect(loadSettings()).resolves.toMatchObject({ accounts: [{ id: '111122223333' }] });
    await expect(loadExemptions()).resolves.toEqual([]);
    expect(asked.toSorted()).toEqual(['/settings/exemptions.json', '/settings/settings.json']);
  });

  test('unreadable settings are a transient failure, and are read again for the next event', async () => {
    const { objects } = await settingsBucket({});
    const { loadSettings } = await loadedContext();
    await expect(loadSettings()).rejects.toMatchObject({ kind: 'transient', code: 'settings-unreadable' });
    Object.assign(objects, good);
    await expect(loadSettings()).resolves.toMatchObject({ accounts: [{ id: '111122223333' }] });
  });

  test.each([
    ['not JSON', 'exemptions: []', {}],
    ['malformed', '{"exemptions":[{"id":"EX-1"}]}', { code: 'malformed-exemptions' }],
  ])('exemptions that are %s are an error, not an empty list', async (_, text, error) => {
    await settingsBucket({ ...good, '/settings/exemptions.json': text });
    const { loadExemptions } = await loadedContext();
    await expect(loadExemptions()).rejects.toMatchObject(error);
  });

  test('an incomplete environment is refused at the start', () => {
    expect(() => createFunctionContext({})).toThrow(/COMPLIANCE_HOME_REGION/);
  });
});
