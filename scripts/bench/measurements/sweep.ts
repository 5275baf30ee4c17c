import { atLeast, atMost, exactly, info } from '../figure.ts';
import type { Measurement } from '../measurement.ts';
import { runFunction } from '../run-function.ts';
import { settingsObjects, sweepEvent, MEMBER } from '../sample-world.ts';

const BUCKETS = 1000;

export const sweep: Measurement = {
  name: 'sweep',
  title: `scheduled sweep of ${BUCKETS} buckets, 20 ms a call, mode plan`,
  measure: async (aws) => {
    await aws.become({ latencyMs: 20, buckets: BUCKETS, objects: settingsObjects({ [MEMBER]: 'plan' }) });
    const first = await runFunction(aws, 'evaluate', { events: [sweepEvent()] });
    const calls = await aws.counts();
    const reads = calls.of(/ s3:GetBucket/);
    await aws.recount();
    const second = await runFunction(aws, 'evaluate', { events: [sweepEvent()] });
    const again = await aws.counts();
    return [
      exactly('ListBuckets', calls.of(/ s3:ListBuckets$/).calls, 1),
      atMost('reads a bucket', reads.calls / BUCKETS, 1),
      atLeast('reads in flight', reads.mostInFlight, 32),
      exactly('PutEvaluations', calls.of(/ config:PutEvaluations$/).calls, BUCKETS / 100),
      exactly('of them full', calls.evaluations.filter((count) => count === 100).length, BUCKETS / 100),
      exactly('evaluations of a second sweep', total(again.evaluations), 0),
      info('time of the first', first.invokedMs / 1000, 's'),
      info('time of the second', second.invokedMs / 1000, 's'),
    ];
  },
};

const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);
