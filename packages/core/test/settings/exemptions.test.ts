import { describe, expect, test } from 'vitest';

import { AccountId } from '../../src/base/account-id.ts';
import { exemptAnnotation, exemptionFor, parseExemptions } from '../../src/settings/exemptions.ts';

const answerable = {
  id: 'EX-1',
  reason: 'Public by design',
  owner: 'team-a',
  approver: 'ciso',
  ticket: 'SEC-1',
  expires: '2026-12-01',
};
const now = new Date('2026-11-20T12:00:00Z');
const target = {
  rule: { command: 'EXAMPLE_KEEP_VERSIONS', controls: { 'cis-7.0': ['2.1.1'], 'aws-fsbp': ['S3.14'] } },
  account: { id: AccountId.parse('111122223333'), name: 'prod', groups: [], ou: 'ou-prod' },
  region: 'eu-west-1',
  resource: {
    resourceType: 'AWS::S3::Bucket',
    resourceId: 'web-assets',
    resourceName: 'web',
    arn: 'arn:aws:s3:::web-assets',
    tags: { public: 'yes' },
  },
};
const exempt = (matchers: object, at = now) =>
  exemptionFor(parseExemptions({ exemptions: [{ ...answerable, ...matchers }] }), target, at);

describe('an exemption covers', () => {
  test.each<[string, object, boolean]>([
    ['a resource by its id', { resources: ['web-assets'] }, true],
    ['resources by a glob', { resources: ['logs-*', 'web-*'] }, true],
    ['a resource by its ARN', { resources: ['arn:aws:s3:::web-assets'] }, true],
    ['a resource by its name', { resources: ['web'] }, true],
    ['no resource that is only alike', { resources: ['web-asset', 'xweb-assets'] }, false],
    ['no resource by a dot that would stand for any character', { resources: ['web.assets'] }, false],
    ['a tag', { tags: { public: 'yes' } }, true],
    ['no tag of another value', { tags: { public: 'no' } }, false],
    ['no resource that lacks one of two tags', { tags: { public: 'yes', tier: '1' } }, false],
    ['an account', { accounts: ['111122223333'] }, true],
    ['no other account', { accounts: ['444455556666'] }, false],
    ['an OU', { ous: ['ou-dev', 'ou-prod'] }, true],
    ['no other OU', { ous: ['ou-dev'] }, false],
    ['a command', { commands: ['EXAMPLE_KEEP_VERSIONS'] }, true],
    ['no other command', { commands: ['OTHER_COMMAND'] }, false],
    ['a control of any framework', { controls: ['aws-fsbp/S3.14'] }, true],
    ['no control of another framework', { controls: ['aws-fsbp/2.1.1'] }, false],
    ['a Region', { commands: ['EXAMPLE_KEEP_VERSIONS'], regions: ['eu-west-1'] }, true],
    ['no other Region', { commands: ['EXAMPLE_KEEP_VERSIONS'], regions: ['us-east-1'] }, false],
    [
      'what all its matchers match',
      { resources: ['web-*'], accounts: ['111122223333'], tags: { public: 'yes' } },
      true,
    ],
    ['nothing that one of them does not', { resources: ['web-*'], accounts: ['444455556666'] }, false],
    ['nothing by an empty list', { accounts: [] }, false],
  ])('%s', (_, matchers, covered) => {
    expect(exempt(matchers)?.id).toBe(covered ? 'EX-1' : undefined);
  });

  test('no resource whose tags nobody told, by tag', () => {
    const { tags: _, ...resource } = target.resource;
    const exemptions = parseExemptions({ exemptions: [{ ...answerable, tags: { public: 'yes' } }] });
    expect(exemptionFor(exemptions, { ...target, resource }, now)).toBeUndefined();
  });
});

describe('an exemption ends', () => {
  test.each([
    ['2026-11-30T23:59:59.999Z', 'EX-1'],
    ['2026-12-01T00:00:00.000Z', undefined],
    ['2026-12-01T00:00:01.000Z', undefined],
  ])('at %s it is %s', (at, id) => {
    expect(exempt({ resources: ['web-*'] }, new Date(at))?.id).toBe(id);
  });

  test('with the one that ends last, of several', () => {
    const lasting = (id: string, expires: string) => ({ ...answerable, id, expires, resources: ['web-*'] });
    const exemptions = parseExemptions({
      exemptions: [
        lasting('short', '2026-11-25'),
        lasting('long', '2027-11-25'),
        lasting('over', '2026-11-20'),
        lasting('middle', '2027-01-25'),
      ],
    });
    const found = exemptionFor(exemptions, target, now);
    expect(found?.id).toBe('long');
    expect(found && exemptAnnotation(found)).toBe('Exempt by long until 2027-11-25.');
  });
});

describe('parseExemptions', () => {
  test('takes none', () => {
    expect(parseExemptions({ exemptions: [] })).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['no list', {}],
    ['one without any matcher', { exemptions: [answerable] }],
    ['one with a Region alone', { exemptions: [{ ...answerable, regions: ['eu-west-1'] }] }],
    ['one for every resource', { exemptions: [{ ...answerable, resources: ['*'] }] }],
    ['one for every resource among others', { exemptions: [{ ...answerable, resources: ['web-*', '**'] }] }],
    ['one for no tags', { exemptions: [{ ...answerable, tags: {} }] }],
    ['a misspelt matcher', { exemptions: [{ ...answerable, resource: ['web-*'] }] }],
    ['an account id that is none', { exemptions: [{ ...answerable, accounts: ['prod'] }] }],
    ['a day that is none', { exemptions: [{ ...answerable, commands: ['A_B'], expires: '2026-02-30' }] }],
    ...Object.keys(answerable).map((name): [string, unknown] => [
      `one without ${name}`,
      { exemptions: [{ ...answerable, commands: ['A_B'], [name]: undefined }] },
    ]),
  ])('refuses %s', (_, input) => {
    expect(() => parseExemptions(input)).toThrow(
      expect.objectContaining({ kind: 'permanent', code: 'malformed-exemptions' }),
    );
  });
});
