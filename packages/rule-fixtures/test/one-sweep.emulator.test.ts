import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { commands } from '@compliance/registry';
import { expect, inject, test } from 'vitest';

import type { Repeated } from './count-calls.ts';

interface Swept {
  readonly rules: number;
  readonly resources: number;
  readonly calls: number;
  readonly repeated: readonly Repeated[];
}

const sweepTogether = async (): Promise<Swept> => {
  const program = join(import.meta.dirname, 'sweep-together.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, inject('emulator')]);
  // The program beside this file prints it.
  return JSON.parse(stdout) as Swept;
};

/**
 * What two rules ask alike, each once. A listing, the credential report and the trail chain are shared by all rules; the
 * settings of one bucket or key, and what AWS Config records, are read by each of two rules.
 */
const ASKED_BY_TWO = [
  'DescribeConfigurationRecorderStatus',
  'DescribeKey',
  'DescribeRegions',
  'GetBucketAcl',
  'GetBucketPolicy',
  'GetBucketVersioning',
  'GetPublicAccessBlock',
  'ListKeys',
];

test('all rules of one sweep of an account ask AWS each question once in a Region, but for few that two rules ask', async () => {
  const swept = await sweepTogether();
  expect(swept.rules).toBe(commands.length);
  expect(swept.resources).toBeGreaterThan(commands.length);
  expect(
    swept.repeated
      .filter(({ operation, rules }) => rules.length > 2 || !ASKED_BY_TWO.includes(operation))
      .map(
        ({ operation, region, times, rules }) =>
          `${operation} in ${region}: ${times} times, by ${rules.join(', ')}`,
      ),
  ).toEqual([]);
});
