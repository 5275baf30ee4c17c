import { CloudFrontClient, GetFunctionCommand } from '@aws-sdk/client-cloudfront';
import { GetBucketLocationCommand, S3Client } from '@aws-sdk/client-s3';
import { fakeSession, on } from '@compliance/core/testing';
import { VIEWER_FUNCTION, dashboardBucket, viewerFunction } from '@compliance/infra';
import { describe, expect, test } from 'vitest';

import { runChecks } from '../src/checks/run-checks.ts';
import { uncovered } from '../src/checks/uncovered.ts';
import { readDashboard } from '../src/live/read-dashboard.ts';
import type { Deployment } from '../src/model/deployment.ts';
import { reviewPlan } from '../src/review/review-plan.ts';
import { PlanJson } from '../src/plan/plan-json.ts';
import { plannedDeployments } from '../src/plan/planned-deployments.ts';
import { HOME, MASTER, someRules, someSettings } from './examples.ts';
import { goodPlan, type Change, type GoodPlan } from './good-plan.ts';

const hosted = { allow: ['203.0.113.0/24'] };
const settings = someSettings({ dashboard: hosted });
const desired = { rules: someRules, settings };
const deploymentOf = (plan: GoodPlan): Deployment =>
  plannedDeployments(PlanJson.parse(plan), {
    accountIds: settings.accounts.map(({ id }) => id),
    masterAccountId: MASTER,
  }).after;
const isAt = (name: string) => (change: Change) => change.address.endsWith(name);

describe('a deployment that hosts the dashboard', () => {
  test('costs requests, publications and storage, which no other does', () => {
    const cost = (one: typeof settings) =>
      reviewPlan(goodPlan(someRules, one), { ...desired, settings: one }).markdown.split('\n');
    const plain = cost(someSettings());
    const hostedLines = cost(settings).filter((line) => !plain.includes(line));
    expect(
      hostedLines.filter((line) => /^(?:\||- the).*(?:dashboard|published|CloudFront|its data)/.test(line)),
    ).toMatchInlineSnapshot(`
      [
        "| Requests to the dashboard | 10,000 | $0.00 | $0.04 | +$0.04 |",
        "| Files that are published to it | 960 | $0.00 | $0.00 | +$0.00 |",
        "| Gigabytes of its data | 0.0012 | $0.00 | $0.00 | +$0.00 |",
        "- the hosted dashboard: 1000 visits of 10 requests and 0.3 MB, 30 publications of 20000 bytes per account, kept for 30 days; an authenticator of yours is not included",
        "| CloudFront | $0.000001 per request, $0.0000001 per run of its function, $0.085 per gigabyte | AWS CloudFront pricing, on demand, HTTPS |",
      ]
    `);
    expect(plain.join('\n')).not.toContain('Requests to the dashboard');
  });

  test('has no problem as emitted', () => {
    const deployment = deploymentOf(goodPlan(someRules, settings));
    expect(runChecks(deployment, desired).findings).toEqual([]);
    expect(uncovered(deployment, desired).join()).not.toContain('dashboard');
  });
  test('needs nothing of it where the settings do not ask for it', () => {
    const plain = { ...desired, settings: someSettings() };
    expect(runChecks(deploymentOf(goodPlan()), plain).findings).toEqual([]);
    expect(uncovered(deploymentOf(goodPlan()), plain).join()).not.toContain('dashboard');
  });
  test('is reported as not read where the plan has nothing of it', () => {
    expect(uncovered(deploymentOf(goodPlan()), desired).join()).toContain('bucket of the hosted dashboard');
  });

  const deployed = deploymentOf(goodPlan(someRules, settings));
  test.each<[string, Partial<Deployment>, string]>([
    [
      'the bucket is missing',
      { buckets: deployed.buckets.filter(({ name }) => name !== dashboardBucket(MASTER)) },
      'dashboard-bucket',
    ],
    ['nothing admits viewers', { viewerFunctions: [] }, 'dashboard-viewers'],
    [
      'other addresses are admitted',
      {
        viewerFunctions: [
          {
            accountId: MASTER,
            name: VIEWER_FUNCTION,
            code: viewerFunction({ allow: ['198.51.100.0/24'] }),
          },
        ],
      },
      'dashboard-viewers',
    ],
  ])('the checks find that %s', (_, difference, check) => {
    const { findings } = runChecks({ ...deployed, ...difference }, desired);
    expect(findings.map((finding) => finding.check)).toEqual([check]);
  });
  test('the checks say when a plan does not know the code yet', () => {
    const plan = goodPlan(someRules, settings);
    Object.assign(plan.resource_changes.find(isAt('dashboard_viewers'))?.change.after ?? {}, { code: null });
    const { failed, unchecked } = runChecks(deploymentOf(plan), desired);
    expect(failed).toEqual([]);
    expect(unchecked.find(({ check }) => check === 'dashboard-viewers')?.why.join()).toContain(
      'the code is known only after apply',
    );
  });
});

describe('reading what is deployed', () => {
  const sessionWith = (code: string | undefined) =>
    fakeSession({
      accountId: MASTER,
      region: HOME,
      allow: ['s3:GetBucketLocation', 'cloudfront:GetFunction'],
      answers: [
        on(S3Client, GetBucketLocationCommand, () => ({ LocationConstraint: 'eu-west-1' as const })),
        on(CloudFrontClient, GetFunctionCommand, () => {
          if (code === undefined) throw Object.assign(new Error('none'), { name: 'NoSuchFunctionExists' });
          return { FunctionCode: Object.assign(Buffer.from(code), { transformToString: () => code }) };
        }),
      ],
    });
  test('the bucket and the live code of the function are read', async () => {
    expect(await readDashboard(sessionWith('handler'))).toMatchObject({
      buckets: [{ name: dashboardBucket(MASTER), region: HOME }],
      viewerFunctions: [{ name: VIEWER_FUNCTION, code: 'handler' }],
    });
  });
  test('a function that does not exist is missing, not a gap', async () => {
    expect(await readDashboard(sessionWith(undefined))).toMatchObject({
      viewerFunctions: [],
      coverage: [{ part: 'dashboard' }],
    });
  });
});
