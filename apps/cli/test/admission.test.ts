import { awsError } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { createAdmission, type AdmissionOptions } from '../src/commands/scan/admission.ts';

const KMS = { service: 'KMS', operation: 'DescribeKey', region: 'eu-west-1' };
const S3 = { service: 'S3', operation: 'GetBucketVersioning', region: 'eu-west-1' };
const THROTTLED = awsError('ThrottlingException');

/** Asks for many attempts, and ends them in the order of their admission. */
const lane = (admission: ReturnType<typeof createAdmission>) => {
  const ends: ((error?: unknown) => void)[] = [];
  return {
    ask: async (attempt: typeof KMS, times: number) => {
      for (let time = 0; time < times; time += 1) void admission.admit(attempt).then((end) => ends.push(end));
      await settled();
    },
    inFlight: () => ends.length,
    end: async (error?: unknown) => {
      for (const end of ends.splice(0)) end(error);
      await settled();
    },
  };
};

const settled = () => new Promise((resolve) => setImmediate(resolve));

const lanesOf = (options: AdmissionOptions = {}) => {
  const admission = createAdmission(options);
  return { admission, kms: lane(admission), s3: lane(admission) };
};

test('a throttled service slows its own lane alone', async () => {
  const { admission, kms, s3 } = lanesOf({ perLane: 8, perAccount: 100 });
  await kms.ask(KMS, 40);
  expect(kms.inFlight()).toBe(8);
  await kms.end(THROTTLED);
  expect(kms.inFlight()).toBe(1);
  await s3.ask(S3, 40);
  expect(s3.inFlight()).toBe(8);
  await s3.end();
  expect(s3.inFlight()).toBe(8);
  expect(admission.counts()).toMatchObject({ KMS: { throttled: 8 }, S3: { throttled: 0 } });
});

test('a throttled lane wins its bound back, call by call', async () => {
  const { kms } = lanesOf({ perLane: 8 });
  await kms.ask(KMS, 200);
  await kms.end(THROTTLED);
  for (let round = 0; round < 20; round += 1) await kms.end();
  expect(kms.inFlight()).toBe(8);
});

test('the same service in another Region is another lane', async () => {
  const { kms, s3 } = lanesOf({ perLane: 8, perAccount: 100 });
  await kms.ask(KMS, 40);
  await kms.end(THROTTLED);
  await s3.ask({ ...KMS, region: 'us-east-1' }, 40);
  expect(s3.inFlight()).toBe(8);
});

test('all services of an account together stay below its bound', async () => {
  const { kms, s3 } = lanesOf({ perLane: 8, perAccount: 10 });
  await kms.ask(KMS, 20);
  await s3.ask(S3, 20);
  expect(kms.inFlight() + s3.inFlight()).toBe(10);
});

test('a rate spaces the requests of an account, whatever their service', async () => {
  let now = 0;
  const slept: number[] = [];
  const sleep = async (milliseconds: number) => void slept.push(milliseconds);
  const { kms, s3 } = lanesOf({ rate: 100, now: () => now, sleep });
  await kms.ask(KMS, 2);
  await s3.ask(S3, 2);
  expect(slept).toEqual([10, 20, 30]);
  now = 1000;
  await kms.end();
  slept.length = 0;
  await kms.ask(KMS, 1);
  expect(slept).toEqual([]);
});
