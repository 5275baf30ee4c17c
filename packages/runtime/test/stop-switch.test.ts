import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { isStopped } from '../src/stop-switch.ts';

const sessionWith = (answer: Parameters<typeof on<object, { $metadata: object; Parameter?: object }>>[2]) =>
  fakeSession({ allow: ['ssm:GetParameter'], answers: [on(SSMClient, GetParameterCommand, answer)] });

test('the stop switch is read by its name each time', async () => {
  const session = sessionWith(() => ({ Parameter: { Value: 'off' } }));
  await isStopped(session, '/compliance/stop');
  await isStopped(session, '/compliance/stop');
  expect(session.sent).toEqual([
    { operation: 'GetParameter', input: { Name: '/compliance/stop' } },
    { operation: 'GetParameter', input: { Name: '/compliance/stop' } },
  ]);
});

test.each<[string | undefined, boolean]>([
  ['off', false],
  ['on', true],
  ['OFF', true],
  ['off ', true],
  ['false', true],
  ['', true],
  [undefined, true],
])('a stop switch with the value %j stops fixes: %s', async (value, stopped) => {
  const session = sessionWith(() => ({ Parameter: value === undefined ? {} : { Value: value } }));
  await expect(isStopped(session, '/compliance/stop')).resolves.toBe(stopped);
});

test('a missing stop switch stops fixes', async () => {
  const session = sessionWith(() => {
    throw awsError('ParameterNotFound');
  });
  await expect(isStopped(session, '/compliance/stop')).resolves.toBe(true);
});

test.each(['ThrottlingException', 'AccessDeniedException'])(
  'a stop switch that cannot be read is a transient failure: %s',
  async (name) => {
    const session = sessionWith(() => {
      throw awsError(name, 'not now');
    });
    await expect(isStopped(session, '/compliance/stop')).rejects.toMatchObject({
      kind: 'transient',
      code: 'stop-switch-unreadable',
      message: expect.stringContaining(`${name}: not now`) as string,
    });
  },
);
