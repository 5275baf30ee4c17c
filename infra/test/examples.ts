import { change, compliant, defineRule, parseSettings, type Rule, type Settings } from '@compliance/core';
import * as z from 'zod';

export const MASTER = '999988887777';
export const MEMBER = '111122223333';
export const SANDBOX = '444455556666';

/** A ledger that is sealed. */
export const LEDGER = {
  signingKeyArn: `arn:aws:kms:eu-west-1:${MASTER}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
  lockDays: 400,
  headsBucketArn: 'arn:aws:s3:::heads-of-elsewhere',
};

/** A dashboard that is hosted. */
export const DASHBOARD = {
  allow: ['203.0.113.0/24', '2001:db8::/32'],
  domain: {
    name: 'compliance.example.com',
    certificateArn: `arn:aws:acm:us-east-1:${MASTER}:certificate/1234abcd`,
  },
};

/** Where the file of the state is. */
export const VERDICTS = 's3://example-state/dashboard/verdicts.parquet';

/** A rule with only what the emitted documents need. */
export const withoutFix = (command: string, parts: Partial<Rule> = {}): Rule =>
  defineRule<unknown, unknown>({
    command,
    title: 'Things are as they should be',
    rationale: 'Otherwise they are not.',
    severity: 'low',
    resourceType: 'AWS::S3::Bucket',
    deploy: 'every-region',
    triggers: ['change', 'schedule'],
    controls: {},
    parameters: z.object({}),
    facts: z.object({}),
    permissions: { list: [], get: [], fix: [], undo: [] },
    observe: {
      get: () => Promise.resolve(undefined),
      // oxlint-disable-next-line require-yield -- it finds nothing.
      list: async function* () {
        await Promise.resolve();
      },
    },
    judge: () => compliant(),
    guidance: 'Do it by hand.',
    ...parts,
  });

export const aRule = (command: string, parts: Partial<Rule> = {}): Rule => ({
  ...withoutFix(command, parts),
  fix: () => change({ description: 'Fix it', risk: 'safe', steps: [] }),
});

export const someSettings = (parts: Record<string, unknown> = {}, organization: object = {}): Settings =>
  parseSettings({
    organization: {
      id: 'o-exampleorg1',
      masterAccountId: MASTER,
      externalId: 'an-external-id',
      homeRegion: 'eu-west-1',
      regions: ['eu-west-1', 'us-east-1'],
      ...organization,
    },
    accounts: [
      { id: MEMBER, name: 'workload', groups: ['production'] },
      { id: SANDBOX, name: 'sandbox', groups: ['sandbox'] },
    ],
    ...parts,
  });

/** Creates `count` accounts. */
export const accounts = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: String(100_000_000_000 + index),
    name: `account ${index}`,
  }));
