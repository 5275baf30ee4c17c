import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { GetFunctionConfigurationCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';

import type { DeployContext } from '../src/context/deploy-context.ts';
import { deployCode, formatCode, readRunningCode, rollBackCode } from '../src/functions/function-code.ts';
import { fakeOrganization } from './fake-organization.ts';

const digestOf = (content: string | Uint8Array) => createHash('sha256').update(content).digest();
const OLD = digestOf('old');

/** Both functions with old code, and a bucket that remembers which code was uploaded after which. */
const start = async (env: Record<string, string>) => {
  const fake = await fakeOrganization(['111122223333']);
  const running = new Map<string, Buffer>();
  const objects = ['compliance-generic-rule', 'compliance-generic-remediation'].map(
    (name) => `functions/${name}/${OLD.toString('hex')}.zip`,
  );
  const send = async (command: unknown): Promise<object> => {
    if (command instanceof GetFunctionConfigurationCommand)
      return { CodeSha256: (running.get(command.input.FunctionName ?? '') ?? OLD).toString('base64') };
    if (
      (command instanceof PutObjectCommand || command instanceof ListObjectsV2Command) &&
      command.input.ExpectedBucketOwner !== fake.context().settings.organization.masterAccountId
    )
      throw new Error('The call would also reach a bucket of another account.');
    if (command instanceof PutObjectCommand) objects.push(command.input.Key ?? '');
    if (command instanceof ListObjectsV2Command)
      return {
        Contents: objects
          .map((Key, index) => ({ Key, LastModified: new Date(index) }))
          .filter(({ Key }) => Key.startsWith(command.input.Prefix ?? '')),
      };
    if (command instanceof UpdateFunctionCodeCommand)
      running.set(
        command.input.FunctionName ?? '',
        Buffer.from(command.input.S3Key?.match(/([0-9a-f]+)\.zip$/)?.[1] ?? '', 'hex'),
      );
    return {};
  };
  const context: DeployContext = {
    ...fake.context(env),
    // Only `send` of a client is used.
    client: async <C>() => ({ send }) as C,
  };
  return { context, running, objects, said: fake.said };
};

const NEW = digestOf(await readFile(join(import.meta.dirname, 'fake-organization.ts')));
const change = (from: Buffer, to: Buffer) =>
  `${from.toString('hex').slice(0, 12)} becomes ${to.toString('hex').slice(0, 12)}`;

test.skipIf(process.stdin.isTTY)(
  'deploy-app shows what changes and does nothing before the answer',
  async () => {
    const { context, running, objects, said } = await start({ YES: '' });
    await expect(deployCode(context)).rejects.toThrow(
      'Deploy this code to 2 function(s) in 1 Region(s)? There is no terminal',
    );
    expect(said).toEqual([
      expect.stringContaining(`eu-west-1  compliance-generic-rule  `),
      expect.stringContaining(change(OLD, NEW)),
    ]);
    expect(running.size).toBe(0);
    expect(objects).toHaveLength(2);
  },
);

test('deploy-app has nothing to ask when the code is deployed already', async () => {
  const { context, said } = await start({});
  await deployCode(context);
  said.length = 0;
  await deployCode({ ...context, options: { ...context.options, YES: false } });
  expect(said).toEqual([
    expect.stringContaining('already deployed'),
    expect.stringContaining('already deployed'),
  ]);
});

test('status shows the digest of the code as deploy-app does', async () => {
  const { context } = await start({});
  const running = await readRunningCode(context);
  expect(formatCode(running)).toContain(OLD.toString('hex').slice(0, 12));
  expect(running[0]?.sha256).toBe(OLD.toString('base64'));
});

test.skipIf(process.stdin.isTTY)('rollback-app does nothing before the answer', async () => {
  const { context, running } = await start({});
  await deployCode(context);
  await expect(rollBackCode({ ...context, options: { ...context.options, YES: false } })).rejects.toThrow(
    'Return to this code in 2 function(s) in 1 Region(s)? There is no terminal',
  );
  expect([...running.values()]).toEqual([NEW, NEW]);
});

test('rollback-app shows the change and returns both functions to the code before', async () => {
  const { context, running, said } = await start({});
  await deployCode(context);
  expect([...running.values()]).toEqual([NEW, NEW]);
  said.length = 0;
  await rollBackCode(context);
  expect([...running.values()]).toEqual([OLD, OLD]);
  expect(said).toContain(`eu-west-1  compliance-generic-rule  ${change(NEW, OLD)}`);
});
