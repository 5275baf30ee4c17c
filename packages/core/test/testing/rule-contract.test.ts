import {
  GetResourcesCommand,
  type GetResourcesCommandInput,
  ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  ListBucketsCommand,
  type ListBucketsCommandInput,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import { describe, expect, test } from 'vitest';

import { defined } from '../../src/base/defined.ts';
import type { Resource } from '../../src/aws/resource.ts';
import type { Session } from '../../src/aws/session.ts';
import type { Change } from '../../src/rule/change.ts';
import { call, undoCall } from '../../src/rule/change.ts';
import type { Rule } from '../../src/rule/rule.ts';
import { compliant, nonCompliant, notApplicable } from '../../src/rule/verdict.ts';
import type { EmulatedAccount } from '../../src/testing/emulator.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { awsError, fakeSession, on } from '../../src/testing/fake-session.ts';
import { contractOf, type RuleFixtures } from '../../src/testing/rule-contract.ts';
import { itemOf } from '../../src/testing/sample-events.ts';
import { omit } from '../omit.ts';

interface Bucket {
  readonly region: string;
  status: 'Off' | 'Enabled' | 'Suspended';
  tags: Readonly<Record<string, string>>;
}

/** A stateful fake of S3 and of the tagging API in all Regions: a bucket is known in its own Region alone. */
const openAccount = async (): Promise<EmulatedAccount> => {
  const buckets = new Map<string, Bucket>();
  const bucketIn = (region: string, name = ''): Bucket => {
    const bucket = buckets.get(name);
    if (bucket?.region !== region) throw awsError('NoSuchBucket', `${name} is not in ${region}`, 404);
    return bucket;
  };
  const tagSet = ({ tags }: Bucket) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const answers = [
    on(S3Client, CreateBucketCommand, ({ Bucket = '' }, region) => {
      buckets.set(Bucket, { region, status: 'Off', tags: {} });
      return {};
    }),
    on(S3Client, DeleteBucketCommand, ({ Bucket = '' }) => {
      buckets.delete(Bucket);
      return {};
    }),
    on(S3Client, ListBucketsCommand, ({ BucketRegion }: ListBucketsCommandInput) => ({
      Buckets: [...buckets].flatMap(([Name, { region }]) =>
        BucketRegion === undefined || BucketRegion === region ? { Name } : [],
      ),
    })),
    on(S3Client, GetBucketVersioningCommand, ({ Bucket }, region) => {
      const { status } = bucketIn(region, Bucket);
      return status === 'Off' ? {} : { Status: status };
    }),
    on(S3Client, PutBucketVersioningCommand, ({ Bucket, VersioningConfiguration }, region) => {
      bucketIn(region, Bucket).status = VersioningConfiguration?.Status ?? 'Off';
      return {};
    }),
    on(S3Client, GetBucketTaggingCommand, ({ Bucket }, region) => ({
      TagSet: tagSet(bucketIn(region, Bucket)),
    })),
    on(S3Client, PutBucketTaggingCommand, ({ Bucket, Tagging: { TagSet = [] } = {} }, region) => {
      bucketIn(region, Bucket).tags = Object.fromEntries(
        TagSet.map(({ Key = '', Value = '' }) => [Key, Value]),
      );
      return {};
    }),
    on(
      ResourceGroupsTaggingAPIClient,
      GetResourcesCommand,
      ({ ResourceARNList = [] }: GetResourcesCommandInput) => ({
        ResourceTagMappingList: [...buckets]
          .map(([name, bucket]) => ({ ResourceARN: `arn:aws:s3:::${name}`, Tags: tagSet(bucket) }))
          .filter(({ ResourceARN, Tags }) => Tags.length > 0 && ResourceARNList.includes(ResourceARN)),
      }),
    ),
  ];
  const as: EmulatedAccount['as'] = (allow) => fakeSession({ allow, answers });
  const admin = as([
    's3:CreateBucket',
    's3:GetBucketVersioning',
    's3:PutBucketVersioning',
    's3:GetBucketTagging',
    's3:PutBucketTagging',
    'tag:GetResources',
  ]);
  return { accountId: admin.accountId, admin, as };
};

const setTags = (Bucket: string, tags: Readonly<Record<string, string>>, admin: Session) => {
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return admin.client(S3Client).send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
};

const bucket =
  (Status?: 'Enabled' | 'Suspended', tags: Readonly<Record<string, string>> = {}) =>
  async (admin: Session): Promise<Resource> => {
    const Bucket = `logs-${admin.region}`;
    const client = admin.client(S3Client);
    await client.send(new CreateBucketCommand({ Bucket }));
    if (Status)
      await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
    await setTags(Bucket, tags, admin);
    return { resourceType: 'AWS::S3::Bucket', resourceId: Bucket };
  };

const itemWith =
  (members: object = {}): NonNullable<RuleFixtures['item']> =>
  async (resource, admin) => {
    const { resourceId: Bucket } = resource;
    const client = admin.client(S3Client);
    const { Status = 'Off' } = await client.send(new GetBucketVersioningCommand({ Bucket }));
    return itemOf(resource, admin, {
      arn: `arn:aws:s3:::${Bucket}`,
      resourceName: Bucket,
      tags: (await client.send(new GetBucketTaggingCommand({ Bucket }))).TagSet,
      supplementaryConfiguration: { BucketVersioningConfiguration: { status: Status } },
      ...members,
    });
  };

const TAGGED = { owner: 'team-a' };
const FIXTURES: RuleFixtures = {
  compliant: { 'a versioned bucket': bucket('Enabled') },
  nonCompliant: {
    'a bucket that was never versioned': bucket(undefined, TAGGED),
    'a bucket whose versioning is suspended': bucket('Suspended'),
  },
  item: itemWith(),
  gone: { resourceType: 'AWS::S3::Bucket', resourceId: 'nowhere' },
};

/** What fails when the rule is held to its contract. */
const failuresOf = async (rule: Rule, fixtures: RuleFixtures = FIXTURES): Promise<string[]> => {
  const { checks, expectPermissionsUsed } = contractOf(rule, fixtures);
  const failures: string[] = [];
  for (const { title, run } of [
    ...checks,
    { title: 'permissions', run: async () => expectPermissionsUsed() },
  ])
    await run(openAccount).catch((error: unknown) => void failures.push(`${title}: ${String(error)}`));
  return failures;
};

const example: Rule = exampleRule;

/** The example with another fix, made from its own. */
const fixing = (mutate: (fix: Change, input: Parameters<NonNullable<Rule['fix']>>[0]) => Change): Rule => ({
  ...example,
  fix: (input) => {
    const fix = example.fix?.(input);
    if (!fix || 'manual' in fix) throw new Error('The example has an automatic fix.');
    return mutate(fix, input);
  },
});

const observing = (observe: Partial<Rule['observe']>): Rule => ({
  ...example,
  observe: { ...example.observe, ...observe },
});

/** A bucket that somebody has to confirm after it is versioned. */
const confirmedRule = (
  waits: Pick<Change, 'effectiveAfter'> = { effectiveAfter: { manual: 'Confirm it.' } },
): Rule => ({
  ...fixing((fix) => ({ ...fix, ...waits })),
  triggers: ['schedule'],
  facts: z.object({ status: z.string(), confirmed: z.boolean() }),
  permissions: { ...example.permissions, get: ['s3:GetBucketVersioning', 's3:GetBucketTagging'] },
  observe: {
    list: (context) => example.observe.list(context),
    get: async (resource, context) => {
      const found = await example.observe.get(resource, context);
      if (!found) return undefined;
      const { resourceId: Bucket } = resource;
      const { TagSet = [] } = await context.session
        .client(S3Client)
        .send(new GetBucketTaggingCommand({ Bucket }));
      const confirmed = TagSet.some(({ Key }) => Key === 'confirmed');
      return { ...found, facts: { ...Object(found.facts), confirmed } as unknown };
    },
  },
  judge: (facts) => {
    const { status, confirmed } = facts as { readonly status: string; readonly confirmed: boolean };
    return status === 'Enabled' && confirmed ? compliant() : nonCompliant('Not confirmed.');
  },
});

const settlingWith = (tags: Readonly<Record<string, string>>): RuleFixtures => ({
  compliant: { 'a confirmed bucket': bucket('Enabled', { confirmed: 'yes' }) },
  nonCompliant: {},
  settling: {
    'a bucket that nobody confirmed': {
      seed: bucket(),
      settle: ({ resourceId }, admin) => setTags(resourceId, tags, admin),
    },
  },
});
const SETTLING = settlingWith({ confirmed: 'yes' });

const PUT_VERSIONING = {
  Bucket: 'logs-eu-west-1',
  VersioningConfiguration: { Status: 'Enabled' as const },
};

const IMPACT = 'Storage costs more.';

/** Versioning for ever: nobody can turn it off again. */
const oneWayRule = (reason = 'S3 cannot return to Off.', risk: Change['risk'] = 'irreversible'): Rule => ({
  ...fixing((fix) => ({
    ...omit(fix, 'undoLeaves'),
    risk,
    steps: [call(S3Client, PutBucketVersioningCommand, PUT_VERSIONING, { undo: { impossible: reason } })],
  })),
  impact: IMPACT,
  permissions: { ...example.permissions, undo: [] },
});
const deletingRule: Rule = {
  impact: IMPACT,
  ...fixing((fix, { resource: { resourceId: Bucket } }) => ({
    ...omit(fix, 'undoLeaves'),
    risk: 'irreversible',
    steps: [call(S3Client, DeleteBucketCommand, { Bucket }, { undo: { impossible: 'It is gone.' } })],
  })),
  permissions: { ...example.permissions, fix: ['s3:DeleteBucket'], undo: [] },
};
const ONE_WAY: RuleFixtures = {
  ...FIXTURES,
  nonCompliant: {},
  oneWay: { 'a bucket that was never versioned': bucket() },
};

const onlyInAws: Rule = {
  ...example,
  judge: (facts, context) =>
    context.partition === 'aws' ? example.judge(facts, context) : notApplicable('Only in aws.'),
};

describe('the contract accepts', () => {
  test.each<[string, Rule, RuleFixtures]>([
    ['the example rule', example, FIXTURES],
    ['a rule whose fix takes effect later', confirmedRule(), SETTLING],
    [
      'a rule whose fix takes effect later, which the emulator cannot show',
      confirmedRule(),
      {
        ...SETTLING,
        settling: { 'a bucket': { seed: bucket(), settle: { unproven: 'Nobody confirms here.' } } },
      },
    ],
    ['a rule whose fix cannot be undone, and says why', oneWayRule(), ONE_WAY],
    ['a rule whose fix deletes the resource, and says why', deletingRule, ONE_WAY],
    [
      'a rule that reads beyond its Region, and says why',
      observing({ get: (resource, { session }) => getAnywhere(resource, session) }),
      { ...FIXTURES, elsewhere: 'Names are global.' },
    ],
    [
      'a rule that does not concern a partition',
      onlyInAws,
      { ...FIXTURES, notIn: ['aws-cn', 'aws-eusc', 'aws-iso', 'aws-us-gov'] },
    ],
  ])('%s', async (_, rule, fixtures) => {
    await expect(failuresOf(rule, fixtures)).resolves.toEqual([]);
  });
});

/** A bucket of any Region. */
const getAnywhere = async (resource: Resource, session: Session) => {
  const here = await example.observe.get(resource, { session });
  const [, region = session.region] = /^logs-(.*)/.exec(resource.resourceId) ?? [];
  return here ?? example.observe.get(resource, { session: session.at(region) });
};

/** A listing with facts, which needs no live read. */
const listingWith = (members: Partial<Resource>): Rule => ({
  ...observing({
    list: async function* (context) {
      for await (const { resource } of example.observe.list(context)) {
        const { facts } = (await example.observe.get(resource, context)) ?? {};
        yield { resource: { ...resource, ...members }, facts };
      }
    },
  }),
  permissions: {
    ...example.permissions,
    list: ['s3:ListAllMyBuckets', 's3:GetBucketVersioning'],
  },
});

const listingFrom = (namesIn: (session: Session) => Promise<readonly string[]>) =>
  observing({
    list: async function* ({ session }) {
      for (const name of await namesIn(session))
        yield { resource: { resourceType: 'AWS::S3::Bucket', resourceId: name, resourceName: name } };
    },
  });

const namesIn = async (session: Session, BucketRegion?: string): Promise<string[]> => {
  const { Buckets = [] } = await session
    .client(S3Client)
    .send(new ListBucketsCommand(defined({ BucketRegion })));
  return Buckets.flatMap(({ Name }) => Name ?? []);
};

const nameless = observing({
  get: async (resource, context) => {
    const found = await example.observe.get(resource, context);
    return found && { facts: found.facts };
  },
});
const dated = observing({
  get: async (resource, context) => {
    const found = await example.observe.get(resource, context);
    return found && { ...found, facts: { ...Object(found.facts), at: performance.now() } as unknown };
  },
});

describe('the contract refuses', () => {
  test.each<[string, Rule, RegExp, RuleFixtures?]>([
    ['a live read without the name of the listing', nameless, /resourceName/],
    ['a listing under another name', listingWith({ resourceName: 'logs' }), /resourceName/],
    ['a listing with another ARN', listingWith({ arn: 'arn:aws:s3:::other' }), /arn/],
    ['a listing that has no tags where AWS has some', listingWith({ tags: {} }), /owner/],
    [
      'an item under another name',
      example,
      /resourceName/,
      { ...FIXTURES, item: itemWith({ resourceName: '' }) },
    ],
    ['an item with other tags', example, /owner/, { ...FIXTURES, item: itemWith({ tags: [] }) }],
    [
      'a change trigger without an item',
      example,
      /Missing fixture 'item'/,
      { ...FIXTURES, item: undefined } as never,
    ],

    [
      'a listing of all Regions',
      listingFrom((session) => namesIn(session)),
      /resources of another Region in the listing/,
    ],
    [
      'a listing that the Regions share',
      listingFrom((session) => session.onceInAccount('buckets', () => namesIn(session, session.region))),
      /the listing of eu-central-1/,
    ],
    [
      'a live read of one Region alone',
      observing({
        get: (resource, { session }) => example.observe.get(resource, { session: session.at('eu-west-1') }),
      }),
      /does not observe the resource/,
    ],
    [
      'a live read of all Regions',
      observing({ get: (resource, { session }) => getAnywhere(resource, session) }),
      /a resource of another Region/,
    ],

    [
      'an ARN of one partition in a step',
      fixing((fix) => ({
        ...fix,
        steps: [
          call(
            S3Client,
            PutBucketVersioningCommand,
            { ...PUT_VERSIONING, MFA: 'arn:aws:iam::111122223333:mfa/root' },
            { undo: undoCall(S3Client, PutBucketVersioningCommand, PUT_VERSIONING) },
          ),
        ],
      })),
      /in partition aws-cn/,
    ],
    [
      'an ARN of one partition in code',
      fixing((fix) => ({ ...fix, inCode: { terraform: 'aws_s3_bucket: arn = "arn:aws:s3:::logs"' } })),
      /in partition aws-cn/,
    ],
    [
      'an ARN of one partition in an annotation',
      {
        ...example,
        judge: (facts, context) =>
          example.judge(facts, context).complianceType === 'COMPLIANT'
            ? compliant()
            : nonCompliant('arn:aws:s3:::logs has no versions.'),
      },
      /judge returns a verdict .*Property failed/,
    ],
    [
      'a partition that the rule says it does not concern, and concerns',
      example,
      /to be 'NOT_APPLICABLE'/,
      { ...FIXTURES, notIn: ['aws-cn'] },
    ],
    [
      'a verdict that depends on the partition',
      {
        ...example,
        judge: (facts, context) =>
          context.partition === 'aws' ? example.judge(facts, context) : compliant(),
      },
      /to be 'NON_COMPLIANT'/,
    ],

    [
      'the time of planning in the description',
      fixing((fix, { now }) => ({ ...fix, description: `Since ${now.toISOString().slice(0, 10)}` })),
      /at another time/,
    ],
    [
      'the clock of the machine in a plan',
      fixing((fix) => ({ ...fix, description: `Since ${new Date().toISOString().slice(0, 10)}` })),
      /return at another time/,
    ],
    ['a time in the facts', { ...dated, facts: z.looseObject({}) }, /deeply equal/],

    [
      'an irreversible fix that the contract undoes',
      oneWayRule(),
      /the risk of a fix that the contract undoes/,
    ],
    [
      'a fix that cannot be undone and is called safe',
      oneWayRule('Never.', 'safe'),
      /the risk of a fix that cannot be undone/,
      ONE_WAY,
    ],
    ['a fix that cannot be undone without a reason', oneWayRule(' '), /to match/, ONE_WAY],
    [
      'a fix that can be undone among those that cannot',
      { ...fixing((fix) => ({ ...fix, risk: 'irreversible' })), impact: IMPACT },
      /the steps that cannot be undone/,
      ONE_WAY,
    ],

    [
      'a fix that may break something and does not say what',
      fixing((fix) => ({ ...fix, risk: 'disruptive' })),
      /the impact of a fix that is disruptive/,
    ],

    ['a fix that takes effect later and does not say so', confirmedRule({}), /effectiveAfter/, SETTLING],
    [
      'a fix that takes effect at once among those that do not',
      { ...fixing((fix) => ({ ...fix, effectiveAfter: { seconds: 60 } })), triggers: ['schedule'] },
      /to be 'NON_COMPLIANT'/,
      SETTLING,
    ],
    ['a fix that never takes effect', confirmedRule(), /to be 'COMPLIANT'/, settlingWith({})],
    [
      'a fix that takes effect later, as one that does at once',
      confirmedRule(),
      /to be 'COMPLIANT'/,
      { ...SETTLING, settling: {}, nonCompliant: { 'a bucket': bucket() } },
    ],

    ['an undo that restores other facts', fixing((fix) => omit(fix, 'undoLeaves')), /deeply equal/],
    [
      'a write that no phase declares',
      { ...example, permissions: { ...example.permissions, fix: [] } },
      /AccessDenied: s3:PutBucketVersioning/,
    ],
    [
      'a permission that nothing uses',
      {
        ...example,
        permissions: { ...example.permissions, get: ['s3:GetBucketVersioning', 's3:GetBucketAcl'] },
      },
      /the actions used to get/,
    ],
  ])('%s', async (_, rule, message, fixtures = FIXTURES) => {
    expect((await failuresOf(rule, fixtures)).join('\n')).toMatch(message);
  });
});

test('a contract with more than eight seeds is refused', () => {
  const compliantSeeds = Array.from({ length: 8 }, (_, index) => [`bucket ${index}`, bucket()] as const);
  const fixtures = { ...FIXTURES, compliant: Object.fromEntries(compliantSeeds) };
  expect(() => contractOf(example, fixtures)).toThrow('Too many seeds: EXAMPLE_KEEP_VERSIONS has 10');
});
