import { statSync } from 'node:fs';

import { atMost, info } from '../figure.ts';
import type { Measurement } from '../measurement.ts';
import { bundleOf, runFunction, type FunctionName } from '../run-function.ts';
import { changeEvent, remediationEvent, settingsObjects, MEMBER } from '../sample-world.ts';

const KILOBYTE = 1000;

export const bundles: Measurement = {
  name: 'bundles',
  title: 'JavaScript loaded up to the end of the first invocation',
  measure: async (aws) => {
    await aws.become({ latencyMs: 0, buckets: 2, objects: settingsObjects({ [MEMBER]: 'auto' }) });
    const evaluated = await runFunction(aws, 'evaluate', {
      events: [changeEvent(MEMBER, 0, 'Enabled')],
      watch: 'loaded',
    });
    const remediated = await runFunction(aws, 'remediate', {
      events: [remediationEvent()],
      watch: 'loaded',
    });
    const fixed = (await aws.counts()).of(/ s3:PutBucketVersioning$/).calls;
    if (fixed !== 1) throw new Error(`Nothing was remediated: ${JSON.stringify(remediated.answers)}`);
    return [
      atMost('first evaluation', evaluated.loadedBytes / KILOBYTE, 540, 'kB'),
      atMost('first remediation', remediated.loadedBytes / KILOBYTE, 620, 'kB'),
      info('evaluate, zipped', zipped('evaluate'), 'kB'),
      info('remediate, zipped', zipped('remediate'), 'kB'),
    ];
  },
};

const zipped = (name: FunctionName) => statSync(`${bundleOf(name)}.zip`).size / KILOBYTE;
