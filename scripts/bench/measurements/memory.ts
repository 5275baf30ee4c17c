import { atMost, info } from '../figure.ts';
import type { Measurement } from '../measurement.ts';
import { median } from '../median.ts';
import { runFunction } from '../run-function.ts';
import { settingsObjects, sweepEvent, MEMBER } from '../sample-world.ts';
import type { FakeAws } from '../start-fake-aws.ts';

/** Roughly the limits of a Lambda function of 256 MB. */
const HEAP_FLAGS = ['--max-old-space-size=128', '--max-semi-space-size=4'];
const [FEW, MANY] = [2000, 20_000];
const MEGABYTE = 1e6;

export const memory: Measurement = {
  name: 'memory',
  title: `memory of a sweep, ${HEAP_FLAGS.join(' ')}`,
  measure: async (aws) => {
    const few = await sweepOver(aws, FEW);
    const many = await sweepOver(aws, MANY);
    return [
      atMost(`resident, ${MANY} buckets`, many.mostMemoryBytes / MEGABYTE, 200, 'MB'),
      atMost(`resident, ${MANY} to ${FEW}`, many.mostMemoryBytes / few.mostMemoryBytes, 1.3, '×'),
      info(`live heap at the end, ${FEW} buckets`, few.liveAtEnd / MEGABYTE, 'MB'),
      info(`live heap at the end, ${MANY} buckets`, many.liveAtEnd / MEGABYTE, 'MB'),
    ];
  },
};

const sweepOver = async (aws: FakeAws, buckets: number) => {
  await aws.become({ latencyMs: 1, buckets, objects: settingsObjects({ [MEMBER]: 'observe' }) });
  const run = await runFunction(aws, 'evaluate', {
    events: [sweepEvent()],
    nodeFlags: HEAP_FLAGS,
    watch: 'heap',
  });
  // A single collection may run while there is much new garbage.
  return { ...run, liveAtEnd: median(run.liveHeapBytes.slice(-5)) };
};
