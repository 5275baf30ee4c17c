import {
  ConfigServiceClient,
  DescribeConfigurationRecordersCommand,
  StopConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import type { Ledger } from '@compliance/ledger';
import type { LocalOrg } from '@compliance/local-org';
import pMap from 'p-map';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { answerOf, startAutomation } from './automate.ts';
import { BUCKET, VERSIONING, createBucket } from './buckets.ts';
import { startStory, type Story } from './story.ts';

const EVENTS = Number(process.env['STORM'] ?? 1000);
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
  await story.updateSettings({
    defaults: { mode: 'observe' },
    limits: { maxSharePerHour: 1, fixesPerHour: { ruleAndAccount: CAP, organization: 1000 } },
    rules: { [VERSIONING]: { mode: 'auto' } },
  });
});
afterAll(() => story.stop());

/** Stops the recorder, because an item for each bucket would only cost time. */
const stopRecorder = async ({ client }: LocalOrg, accountId: string) => {
  const config = client(ConfigServiceClient, accountId);
  const { ConfigurationRecorders: [recorder] = [] } = await config.send(
    new DescribeConfigurationRecordersCommand({}),
  );
  await config.send(new StopConfigurationRecorderCommand({ ConfigurationRecorderName: recorder?.name }));
};

const hour = () => Math.floor(Date.now() / 3_600_000);

/** Collects the buckets that the function writes to, at the gateway. */
const watchWrites = () => {
  const written: string[] = [];
  story.injectFault(({ operation, input, principal }) => {
    if (operation === 'PutBucketVersioning' && principal.type === 'role')
      written.push(String(input['Bucket']));
    return undefined;
  });
  return written;
};

test(`${EVENTS} remediation events at once end as writes up to the limit and as plans beyond it`, async () => {
  const accountId = story.account('team-a');
  const written = watchWrites();
  const began = hour();
  const executions = await Promise.all(
    buckets.map((resourceId) =>
      startAutomation(story, { accountId, command: VERSIONING, resourceType: BUCKET, resourceId }),
    ),
  );
  await story.org.whenIdle({ withinMs: 400_000 });
  // The cap is one for each hour of the clock.
  const hours = hour() - began + 1;

  // What passed the gateway, and what is in the table: each bucket is in one of them, and in one only.
  const plans = await story.plans({ command: VERSIONING });
  const planned = plans.map(({ plan }) => plan.resource.resourceId);
  expect(written.length).toBeGreaterThanOrEqual(CAP);
  expect(written.length).toBeLessThanOrEqual(CAP * hours);
  expect(story.org.calls.totals()['s3:PutBucketVersioning']).toBe(written.length);
  expect([...written, ...planned].toSorted()).toEqual(buckets.toSorted());
  expect(plans[0]?.withheld).toContain(`The limit of ${CAP} fixes an hour`);

  // The ledger and the answers agree on each bucket.
  const finished = await finishedIn(story.ledger);
  expect(finished['fixed']?.toSorted()).toEqual(written.toSorted());
  expect(finished['planned']?.toSorted()).toEqual(planned.toSorted());
  const statuses = executions.map((id) => answerOf(story, accountId, id)?.status);
  expect(statuses.filter((status) => status === 'fixed')).toHaveLength(written.length);
  expect(statuses.filter((status) => status === 'planned')).toHaveLength(planned.length);
  expect(story.org.failures()).toEqual([]);
}, 480_000);

/** The resources whose remediation finished, by its outcome. */
const finishedIn = async (ledger: Ledger) => {
  const finished: Record<string, string[]> = {};
  for await (const event of ledger.read())
    if (event.type === 'remediation-finished')
      (finished[event.outcome] ??= []).push(event.resource?.resourceId ?? 'unknown');
  return finished;
};
