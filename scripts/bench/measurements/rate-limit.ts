import { atMost, exactly } from '../figure.ts';
import type { Measurement } from '../measurement.ts';
import { runFunction } from '../run-function.ts';
import { settingsObjects, sweepEvent, MEMBER } from '../sample-world.ts';

const BUCKETS = 1000;

export const rateLimit: Measurement = {
  name: 'rate-limit',
  title: `sweep of ${BUCKETS} buckets where S3 allows 100 requests a second, 20 ms a call`,
  measure: async (aws) => {
    await aws.become({
      latencyMs: 20,
      buckets: BUCKETS,
      objects: settingsObjects({ [MEMBER]: 'observe' }),
      limit: { perSecond: 100, burst: 100 },
    });
    const { invokedMs } = await runFunction(aws, 'evaluate', { events: [sweepEvent()] });
    const calls = await aws.counts();
    const reads = calls.of(/ s3:(GetBucket|ListBuckets)/);
    const judged = calls.evaluations.reduce((sum, count) => sum + count, 0);
    return [
      exactly('buckets without a verdict', BUCKETS - judged, 0),
      atMost('answers 503', (reads.refused / reads.calls) * 100, 10, '%'),
      atMost('time', invokedMs / 1000, 20, 's'),
    ];
  },
};
