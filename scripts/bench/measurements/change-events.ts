import { exactly } from '../figure.ts';
import type { Measurement } from '../measurement.ts';
import { runFunction } from '../run-function.ts';
import { changeEvent, settingsObjects } from '../sample-world.ts';

const ACCOUNTS = ['111111111111', '222222222222', '333333333333'] as const;
const EVENTS = 100;

/** The last account only observes, so its violations are published and not planned for. */
const [, , OBSERVED] = ACCOUNTS;

export const changeEvents: Measurement = {
  name: 'change-events',
  title: `${EVENTS} change events of ${ACCOUNTS.length} accounts, facts in the item, nothing to plan`,
  measure: async (aws) => {
    const objects = settingsObjects({ [ACCOUNTS[0]]: 'plan', [ACCOUNTS[1]]: 'plan', [OBSERVED]: 'observe' });
    await aws.become({ latencyMs: 0, buckets: EVENTS, objects });
    const events = Array.from({ length: EVENTS }, (_, index) => {
      const accountId = ACCOUNTS[index % ACCOUNTS.length] ?? OBSERVED;
      return changeEvent(accountId, index, accountId === OBSERVED ? 'Off' : 'Enabled');
    });
    await runFunction(aws, 'evaluate', { events });
    const calls = await aws.counts();
    const member = new RegExp(`^(${ACCOUNTS.join('|')}) `);
    const put = calls.of(/ config:PutEvaluations$/).calls;
    return [
      exactly('reads in member accounts', calls.of(member).calls - put, 0),
      exactly('PutEvaluations an event', put / EVENTS, 1),
      exactly('AssumeRole', calls.of(/ sts:AssumeRole$/).calls, ACCOUNTS.length),
    ];
  },
};
