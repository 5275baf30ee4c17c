import {
  ConfigServiceClient,
  DescribeConfigurationRecordersCommand,
  StopConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import { summarise } from '@compliance/ledger';
import type { LocalOrg } from '@compliance/local-org';
import pMap from 'p-map';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { answerOf, startAutomation } from './automate.ts';
import { BUCKET, VERSIONING, createBucket } from './buckets.ts';
import { startStory, type Story } from './story.ts';

const EVENTS = Number(process.env['STORM'] ?? 200);
const CAP = 20;
const buckets = Array.from({ length: EVENTS }, (_, index) => `storm-${index}`);

let story: Story;
beforeAll(async () => {
  story = await startStory({
    // Deployed without fixes, so that AWS Config starts none of its own.
    settings: { defaults: { mode: 'observe' } },
    seed: async (org) => {
      const accountId = org.organization.members[0]?.id ?? '';
      await stopRecorder(org, accountId);
      await pMap(buckets, (bucket) => createBucket(org, accountId, bucket), { concurrency: 20 });
    },
  });
  await story.resettle({
    defaults: { mode: 'observe' },
    limits: { sharePerHour: 1, fixesPerHour: { ruleAndAccount: CAP, organization: 1000 } },
    rules: { [VERSIONING]: { mode: 'auto' } },
  });
}, 120_000);
afterAll(() => story.stop());

/** An item for each bucket would tell the storm nothing. */
const stopRecorder = async ({ client }: LocalOrg, accountId: string) => {
  const config = client(ConfigServiceClient, accountId);
  const { ConfigurationRecorders: [recorder] = [] } = await config.send(
    new DescribeConfigurationRecordersCommand({}),
  );
  await config.send(new StopConfigurationRecorderCommand({ ConfigurationRecorderName: recorder?.name }));
};

const hour = () => Math.floor(Date.now() / 3_600_000);

test(`${EVENTS} remediation events at once end with as many writes as are allowed, the others as plans, none lost`, async () => {
  const accountId = story.account('team-a');
  const began = hour();
  const executions = await Promise.all(
    buckets.map((resourceId) =>
      startAutomation(story, { accountId, command: VERSIONING, resourceType: BUCKET, resourceId }),
    ),
  );
  await story.org.settled({ withinMs: 110_000 });
  // The cap is one for each hour of the clock.
  const hours = hour() - began + 1;

  const statuses = executions.map((id) => answerOf(story, accountId, id)?.status);
  const fixed = statuses.filter((status) => status === 'fixed').length;
  const writes = story.org.calls.totals()['s3:PutBucketVersioning'] ?? 0;
  expect(writes).toBe(fixed);
  expect(fixed).toBeGreaterThanOrEqual(CAP);
  expect(fixed).toBeLessThanOrEqual(CAP * hours);
  expect(statuses.filter((status) => status === 'planned')).toHaveLength(EVENTS - fixed);

  const plans = await story.plans({ command: VERSIONING });
  expect(plans).toHaveLength(EVENTS - fixed);
  expect(plans[0]?.withheld).toContain(`The limit of ${CAP} fixes an hour`);
  expect((await summarise(story.ledger.read())).counts.remediations).toMatchObject({
    fixed,
    planned: EVENTS - fixed,
  });
  expect(story.org.failures()).toEqual([]);
}, 120_000);
