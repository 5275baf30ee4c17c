import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as z from 'zod';

import { atMost, exactly, info } from '../figure.ts';
import type { Measurement } from '../measurement.ts';
import { runProcess } from '../run-process.ts';

const HOUR = { verdicts: 1_300_000, accounts: 5000 };
/** As many changed verdicts an hour as 300 of 5,000 accounts with 220,000 a day have. */
const QUARTER = { verdicts: 550, accounts: 300 };
const DAYS_MEASURED = 3;
const DAYS_OF_A_QUARTER = 92;
const MEGABYTE = 1e6;

/** Of `process.resourceUsage()`: kilobytes and microseconds. */
const Usage = z.object({ maxRSS: z.number(), userCPUTime: z.number(), systemCPUTime: z.number() });
const Calls = z.object({ gets: z.number(), puts: z.number(), lists: z.number() });
const Sealed = z.object({
  parts: z.number(),
  lines: z.number(),
  calls: z.object({ intake: Calls, sealed: Calls }),
});
const Verified = z.object({ parts: z.number(), lines: z.number() });
const Sdk = z.object({ getMs: z.number(), putMs: z.number() });
const Proof = z.object({
  hashes: z.number(),
  bytes: z.number(),
  manifestBytes: z.number(),
  proveMs: z.number(),
  checkMs: z.number(),
});

export const sealing: Measurement = {
  name: 'sealing',
  title: `the keeper: an hour of ${HOUR.verdicts} verdicts of ${HOUR.accounts} accounts, one an object, from a store on disk`,
  measure: async () => {
    const [hour, days] = [await mkdtemp(join(tmpdir(), 'bench-')), await mkdtemp(join(tmpdir(), 'bench-'))];
    try {
      await run(hour, ['make-hour', String(HOUR.verdicts), String(HOUR.accounts)], Any);
      const sealed = await run(hour, ['seal-hour'], Sealed);
      const verified = await run(hour, ['verify-hour'], Verified);
      const proof = await run(hour, ['prove'], Proof);
      const sdk = await run(hour, ['sdk'], Sdk);
      await run(days, ['make-days', String(QUARTER.verdicts), String(QUARTER.accounts)], Any);
      const sealedDays = await run(days, ['seal-days'], Sealed);
      const verifiedDays = await run(days, ['verify-days'], Verified);
      const { intake, sealed: written } = sealed.answer.calls;
      const { getMs, putMs } = sdk.answer;
      const sdkSeconds =
        ((intake.gets + intake.lists + written.gets + written.lists) * getMs + written.puts * putMs) / 1000;
      const quarter = (value: number) => (value / DAYS_MEASURED) * DAYS_OF_A_QUARTER;
      return [
        exactly('an hour: events sealed', sealed.answer.lines, HOUR.verdicts),
        info('an hour: parts', sealed.answer.parts),
        info('an hour: processor time without calls of S3', sealed.cpuSeconds, 's'),
        info('an hour: calls of S3', `${intake.gets} GET, ${written.puts} PUT, ${intake.lists} LIST`),
        info('the SDK: processor time of a GET and a PUT', `${getMs.toFixed(2)} and ${putMs.toFixed(2)} ms`),
        info('an hour: processor time of these calls, calculated', sdkSeconds, 's'),
        atMost('an hour: resident', sealed.memoryBytes / MEGABYTE, 700, 'MB'),
        exactly('an hour: events verified', verified.answer.lines, HOUR.verdicts),
        info('an hour: processor time to verify', verified.cpuSeconds, 's'),
        info('an hour: resident to verify', verified.memoryBytes / MEGABYTE, 'MB'),
        info(
          '300 accounts, 3 days: events and parts',
          `${sealedDays.answer.lines} and ${sealedDays.answer.parts}`,
        ),
        info('300 accounts, 3 days: time to verify', verifiedDays.wallMs / 1000, 's'),
        info(
          '300 accounts, a quarter: time to verify, 3 days × 92/3',
          quarter(verifiedDays.wallMs / 1000),
          's',
        ),
        info('proof of an event: hashes', proof.answer.hashes),
        info('proof of an event: bytes, without the manifest', proof.answer.bytes),
        info('proof of an event: bytes of the manifest', proof.answer.manifestBytes),
        info('proof of an event: time to check', proof.answer.checkMs, 'ms'),
      ];
    } finally {
      await rm(hour, { recursive: true });
      await rm(days, { recursive: true });
    }
  },
};

const Any = z.object({});

const run = async <Answer>(
  folder: string,
  [step = '', ...rest]: readonly string[],
  answer: z.ZodType<Answer>,
) => {
  const usage = join(folder, 'usage.json');
  const { stdout, wallMs } = await runProcess(
    process.execPath,
    [
      '--import',
      join(import.meta.dirname, '../watch-usage.mjs'),
      join(import.meta.dirname, '../sealing/main.ts'),
      step,
      folder,
      ...rest,
    ],
    { environment: { BENCH_USAGE: usage } },
  );
  const used = Usage.parse(JSON.parse(await readFile(usage, 'utf8')));
  return {
    answer: answer.parse(JSON.parse(stdout)),
    wallMs,
    memoryBytes: used.maxRSS * 1024,
    cpuSeconds: (used.userCPUTime + used.systemCPUTime) / 1e6,
  };
};
