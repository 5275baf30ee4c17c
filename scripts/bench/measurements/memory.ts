import { atMost, told } from '../figure.ts';
import type { Measurement } from '../measurement.ts';
import { median } from '../median.ts';
import { runFunction } from '../run-function.ts';
import { settingsObjects, sweepEvent, MEMBER } from '../sample-world.ts';
import type { FakeAws } from '../start-fake-aws.ts';

/** About what Lambda gives a function of 256 MB. */
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
      atMost(`resident, ${MANY} to ${FEW}`, many.mostMemoryBytes / few.mostMemoryBytes, 1.2, '×'),
      told(`live heap at the end, ${FEW} buckets`, few.liveAtEnd / MEGABYTE, 'MB'),
      told(`live heap at the end, ${MANY} buckets`, many.liveAtEnd / MEGABYTE, 'MB'),
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
  // A single collection may come in the middle of much new garbage.
  return { ...run, liveAtEnd: median(run.liveHeapBytes.slice(-5)) };
};
