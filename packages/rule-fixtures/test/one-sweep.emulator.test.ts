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

/** A shared answer may be a minute old: each violation would be read once more, before its fix is planned. */
const PLANNED_BY_IT = 'A sweep plans a fix by what `get` has read.';

const sweepTogether = async (): Promise<Swept> => {
  const program = join(import.meta.dirname, 'sweep-together.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, inject('emulator')]);
  // The program beside this file prints it.
  return JSON.parse(stdout) as Swept;
};

/**
 * What two rules ask alike about one resource, and why they do not share the answer. All else is shared: listings, the
 * credential report, the trail chain, the Regions and what is set for the whole account.
 */
const ASKED_BY_TWO: Readonly<Record<string, string>> = {
  DescribeKey: PLANNED_BY_IT,
  GetBucketPolicy: PLANNED_BY_IT,
  GetBucketVersioning: PLANNED_BY_IT,
  GetBucketAcl: 'Of the buckets of trails alone, of which an account has one or two.',
  GetPublicAccessBlock: 'Of the buckets of trails alone, of which an account has one or two.',
};

test('all rules of one sweep of an account ask AWS each question once in a Region, but for the settings of a resource that two rules plan by', async () => {
  const swept = await sweepTogether();
  expect(swept.rules).toBe(commands.length);
  expect(swept.resources).toBeGreaterThan(commands.length);
  expect(
    swept.repeated
      .filter(({ operation, rules }) => rules.length > 2 || !(operation in ASKED_BY_TWO))
      .map(
        ({ operation, region, times, rules }) =>
          `${operation} in ${region}: ${times} times, by ${rules.join(', ')}`,
      ),
  ).toEqual([]);
});
