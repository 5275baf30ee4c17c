import { describe, expect, test } from 'vitest';

import { AccountId } from '../../src/base/account-id.ts';
import {
  exemptAnnotation,
  exemptionFor,
  isInOu,
  parseExemptions,
  reachesEveryAccount,
} from '../../src/settings/exemptions.ts';

const exemption = {
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
  exemptionFor(parseExemptions({ exemptions: [{ ...exemption, ...matchers }] }), target, at);

describe('an exemption covers', () => {
  test.each<[string, object, boolean]>([
    ['a resource by its id', { resources: ['web-assets'] }, true],
    ['resources by a glob', { resources: ['logs-*', 'web-*'] }, true],
    ['a resource by its ARN', { resources: ['arn:aws:s3:::web-assets'] }, true],
    ['a resource by its name', { resources: ['web'] }, true],
    ['no resource with a similar id', { resources: ['web-asset', 'xweb-assets'] }, false],
    ['no resource through a dot as a wildcard', { resources: ['web.assets'] }, false],
    ['a tag', { tags: { public: 'yes' } }, true],
    ['no tag of another value', { tags: { public: 'no' } }, false],
    ['a tag by a pattern of its value', { tags: { public: 'y*' } }, true],
    ['no tag whose key differs in case', { tags: { Public: 'yes' } }, false],
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
    [
      'nothing that only one of its matchers matches',
      { resources: ['web-*'], accounts: ['444455556666'] },
      false,
    ],
    ['nothing by an empty list', { accounts: [] }, false],
  ])('an exemption covers %s', (_, matchers, covered) => {
    expect(exempt(matchers)?.id).toBe(covered ? 'EX-1' : undefined);
  });

  test('an exemption by tag covers no resource whose tags are unknown', () => {
    const { tags: _, ...resource } = target.resource;
    const exemptions = parseExemptions({ exemptions: [{ ...exemption, tags: { public: 'yes' } }] });
    expect(exemptionFor(exemptions, { ...target, resource }, now)).toBeUndefined();
  });
});

describe('an exemption ends', () => {
  test.each([
    ['2026-11-30T23:59:59.999Z', 'EX-1'],
    ['2026-12-01T00:00:00.000Z', undefined],
    ['2026-12-01T00:00:01.000Z', undefined],
  ])('the exemption that covers a resource at %s is %s', (at, id) => {
    expect(exempt({ resources: ['web-*'] }, new Date(at))?.id).toBe(id);
  });

  test('of several exemptions, the one that ends last applies', () => {
    const lasting = (id: string, expires: string) => ({ ...exemption, id, expires, resources: ['web-*'] });
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
  test('an empty list of exemptions is valid', () => {
    expect(parseExemptions({ exemptions: [] })).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['an object without a list', {}],
    ['an exemption without any matcher', { exemptions: [exemption] }],
    ['an exemption with only a Region', { exemptions: [{ ...exemption, regions: ['eu-west-1'] }] }],
    ['an exemption for every resource', { exemptions: [{ ...exemption, resources: ['*'] }] }],
    [
      'an exemption for every resource among others',
      { exemptions: [{ ...exemption, resources: ['web-*', '**'] }] },
    ],
    ['an exemption for no tags', { exemptions: [{ ...exemption, tags: {} }] }],
    ['a misspelt matcher', { exemptions: [{ ...exemption, resource: ['web-*'] }] }],
    ['an invalid account id', { exemptions: [{ ...exemption, accounts: ['prod'] }] }],
    [
      'a day that does not exist',
      { exemptions: [{ ...exemption, commands: ['A_B'], expires: '2026-02-30' }] },
    ],
    ...Object.keys(exemption).map((name): [string, unknown] => [
      `an exemption without ${name}`,
      { exemptions: [{ ...exemption, commands: ['A_B'], [name]: undefined }] },
    ]),
  ])('parseExemptions refuses %s', (_, input) => {
    expect(() => parseExemptions(input)).toThrow(
      expect.objectContaining({ kind: 'permanent', code: 'malformed-exemptions' }),
    );
  });
});

describe('OUs', () => {
  test.each([
    ['Root/Workloads/Prod', 'Root/Workloads', true],
    ['Root/Workloads/Prod', 'Root/Workloads/', true],
    ['Root/Workloads/Prod', 'Root/Workloads/Prod', true],
    ['Root/Workloads/Prod', 'Root', true],
    ['Root/Workloads/Prod', 'Root/Work', false],
    ['Root/Workloads/Prod', 'Workloads', false],
    ['Root/Workloads', 'Root/Workloads/Prod', false],
    ['Root/Workloads', '', false],
    ['Root/Workloads', '/', false],
    [undefined, 'Root', false],
    [undefined, '', false],
  ])('an account in %s is in or below %s: %s', (ou, of, inside) => {
    expect(isInOu(ou === undefined ? {} : { ou }, of)).toBe(inside);
  });
});

describe('an exemption that any account can claim by a tag', () => {
  test.each<[object, boolean]>([
    [{ tags: { public: 'yes' } }, true],
    [{ tags: { public: 'yes' }, commands: ['EXAMPLE_KEEP_VERSIONS'], regions: ['eu-west-1'] }, true],
    [{ tags: { public: 'yes' }, resources: ['web-*'] }, true],
    [{ tags: { public: 'yes' }, accounts: ['111122223333'] }, false],
    [{ tags: { public: 'yes' }, ous: ['Root'] }, false],
    [{ resources: ['web-*'] }, false],
  ])('%j: %s', (matchers, wide) => {
    const [found] = parseExemptions({ exemptions: [{ ...exemption, ...matchers }] });
    expect(found && reachesEveryAccount(found)).toBe(wide);
  });

  test('a stored file with such an exemption stays valid and keeps protecting', () => {
    expect(exempt({ tags: { public: 'yes' } })?.id).toBe('EX-1');
  });
});
