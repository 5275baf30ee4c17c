import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { emulatedAccount } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { environmentOf } from './environment-of.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('stop-switch turns the switch on with a reason, shows it and turns it off', async () => {
  const { admin, accountId } = await emulatedAccount();
  await admin
    .client(SSMClient)
    .send(new PutParameterCommand({ Name: '/compliance/stop', Value: 'off', Type: 'String' }));
  const options = { cwd: await temporaryFolder(), env: await environmentOf(accountId) };
  const turn = (...args: string[]) => runCli(['stop-switch', ...args], options);

  await expect(turn('on', '--reason', 'SEC-42: look first')).resolves.toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^on: all fixes are stopped, since \S+ by .+ \(SEC-42: look first\)\n$/),
  });
  const explained = await turn('show', '--json');
  expect(JSON.parse(explained.stdout)).toMatchObject({ stopped: true, reason: 'SEC-42: look first' });
  await turn('off');
  await expect(turn('on')).resolves.toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^on: all fixes are stopped, since \S+ by .+\n$/),
  });
  const shown = await turn('show', '--json');
  expect(JSON.parse(shown.stdout)).toMatchObject({ stopped: true });
  await expect(turn('off')).resolves.toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^off: fixes run/),
  });
});

test('stop-switch does not create a missing switch', async () => {
  const { accountId } = await emulatedAccount();
  const options = { cwd: await temporaryFolder(), env: await environmentOf(accountId) };
  const refused = {
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('Stop switch not found: /compliance/stop in eu-west-1.'),
  };
  await expect(runCli(['stop-switch', 'on'], options)).resolves.toMatchObject(refused);
  await expect(runCli(['stop-switch', 'show'], options)).resolves.toMatchObject(refused);
});
