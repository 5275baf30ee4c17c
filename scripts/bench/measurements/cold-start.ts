import { join } from 'node:path';

import { atMost, info } from '../figure.ts';
import type { Measurement } from '../measurement.ts';
import { median } from '../median.ts';
import { functionEnvironment, runFunction } from '../run-function.ts';
import { runProcess } from '../run-process.ts';
import { changeEvent, settingsObjects, MEMBER } from '../sample-world.ts';

const ROUNDS = 9;
const PYTHON = join(import.meta.dirname, '../../../.venv/bin/python');
const REFERENCE = join(import.meta.dirname, '../python/reference_handler.py');

export const coldStart: Measurement = {
  name: 'cold-start',
  title: `process start to the end of the first evaluation, median of ${ROUNDS} interleaved pairs`,
  measure: async (aws) => {
    await aws.become({ latencyMs: 0, buckets: 1, objects: settingsObjects({ [MEMBER]: 'plan' }) });
    const events = [changeEvent(MEMBER, 0, 'Enabled')];
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push((await runFunction(aws, 'evaluate', { events })).answeredMs);
      const python = await runProcess(PYTHON, [REFERENCE], {
        environment: functionEnvironment(aws),
        input: JSON.stringify(events),
      });
      theirs.push(python.answeredMs);
    }
    return [
      atMost('of the time of Python and boto3', median(ours) / median(theirs), 0.65, '×'),
      info('ours', median(ours), 'ms'),
      info('Python and boto3', median(theirs), 'ms'),
    ];
  },
};
