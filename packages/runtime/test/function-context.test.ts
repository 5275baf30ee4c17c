import { serve, settingsWith } from '@compliance/core/testing';
import { describe, expect, test, vi } from 'vitest';

import { createFunctionContext } from '../src/function-context.ts';
import { sampleEnvironment } from '../src/testing/sample-environment.ts';

/** A settings bucket on loopback, where the SDK finds all of AWS. Paths that it does not hold are not there. */
const settingsBucket = async (objects: Record<string, string>) => {
  const asked: string[] = [];
  const origin = await serve((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    asked.push(path);
    const text = objects[path];
    if (text !== undefined) response.end(text);
    else
      response.writeHead(404).end('<Error><Code>NoSuchKey</Code><Message>It is not there.</Message></Error>');
  });
  vi.stubEnv('AWS_ENDPOINT_URL', origin);
  return { objects, asked };
};

/** The wiring, after what it begins to read at its start came in: no request outlives its test. */
const wired = async (env: NodeJS.ProcessEnv = {}) => {
  const wiring = createFunctionContext(sampleEnvironment(env));
  await Promise.allSettled([wiring.loadSettings(), wiring.loadExemptions()]);
  return wiring;
};

const good = {
  '/settings/settings.json': JSON.stringify(settingsWith()),
  '/settings/exemptions.json': JSON.stringify({ exemptions: [] }),
};

describe('the wiring of a function', () => {
  test('takes its own account from the topic’s ARN, and its home from the environment', async () => {
    await settingsBucket(good);
    const { home, sts, environment } = await wired();
    expect(home).toMatchObject({ accountId: '999988887777', region: 'eu-west-1' });
    expect(environment.region).toBe('eu-central-1');
    // In the function's own Region: each has its own limits.
    await expect(sts.config.region()).resolves.toBe('eu-central-1');
  });

  test('calls AWS with the credentials of the execution role', async () => {
    await settingsBucket(good);
    const { sts } = await wired({ AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SESSION_TOKEN: 'token' });
    await expect(sts.config.credentials()).resolves.toMatchObject({
      accessKeyId: 'AKIAEXAMPLE',
      sessionToken: 'token',
    });
  });

  test('reads settings and exemptions from the settings bucket, once for many events', async () => {
    const { asked } = await settingsBucket(good);
    const { loadSettings, loadExemptions } = await wired();
    await Promise.all([loadSettings(), loadSettings(), loadExemptions(), loadExemptions()]);
    await expect(loadSettings()).resolves.toMatchObject({ accounts: [{ id: '111122223333' }] });
    await expect(loadExemptions()).resolves.toEqual([]);
    expect(asked.toSorted()).toEqual(['/settings/exemptions.json', '/settings/settings.json']);
  });

  test('does without settings until an event asks for them: that is a transient fault', async () => {
    const { objects } = await settingsBucket({});
    const { loadSettings } = await wired();
    await expect(loadSettings()).rejects.toMatchObject({ kind: 'transient', code: 'settings-unreadable' });
    Object.assign(objects, good);
    await expect(loadSettings()).resolves.toMatchObject({ accounts: [{ id: '111122223333' }] });
  });

  test.each([
    ['no JSON', 'exemptions: []', {}],
    ['malformed', '{"exemptions":[{"id":"EX-1"}]}', { code: 'malformed-exemptions' }],
  ])('holds no exemptions that are %s: silence is never permission', async (_, text, error) => {
    await settingsBucket({ ...good, '/settings/exemptions.json': text });
    const { loadExemptions } = await wired();
    await expect(loadExemptions()).rejects.toMatchObject(error);
  });

  test('fails at the start where the environment is incomplete', () => {
    expect(() => createFunctionContext({})).toThrow(/COMPLIANCE_HOME_REGION/);
  });
});
