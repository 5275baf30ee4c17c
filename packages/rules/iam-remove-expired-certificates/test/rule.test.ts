import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeLoadBalancersCommand as DescribeClassicLoadBalancersCommand,
  ElasticLoadBalancingClient,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  IAMClient,
  ListServerCertificatesCommand,
  type ListServerCertificatesCommandInput,
  type ServerCertificateMetadata,
} from '@aws-sdk/client-iam';
import { ACCOUNT_TYPE, AccountId } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import type { Handles } from '../src/certificates.ts';
import { rule } from '../src/rule.ts';

const EXPIRES = '2026-11-20T12:00:00.000Z';
const ARN = 'arn:aws:iam::111122223333:server-certificate/web';
const WEB: ServerCertificateMetadata = {
  ServerCertificateId: 'ASCA2',
  ServerCertificateName: 'web',
  Path: '/',
  Arn: ARN,
  Expiration: new Date(EXPIRES),
};

const contextAt = (now: string, parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date(now),
});

describe('judge', () => {
  test.each([
    ['2026-11-20T11:59:59.000Z', 'COMPLIANT'],
    ['2026-11-20T12:00:01.000Z', 'NON_COMPLIANT'],
    ['2026-11-20T23:30:00.000+12:00', 'COMPLIANT'],
  ])('instants are compared, not days: at %s it is %s', (now, complianceType) => {
    expect(rule.judge({ expires: EXPIRES }, contextAt(now)).complianceType).toBe(complianceType);
  });

  test('the violation names the expiration, not an age that changes daily', () => {
    expect(rule.judge({ expires: EXPIRES }, contextAt('2027-01-01T00:00:00Z'))).toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation: `The certificate expired on ${EXPIRES}.`,
    });
  });
});

describe('fix', () => {
  const fixOf = (handles: Partial<Handles>, parameters: object = {}) =>
    rule.fix?.({
      ...contextAt('2026-11-30T00:00:00Z', parameters),
      resource: { resourceType: 'AWS::IAM::ServerCertificate', resourceId: 'ASCA2' },
      facts: { expires: EXPIRES },
      handles: { name: 'web', path: '/', usedBy: [], unreadRegions: [], ...handles },
    });

  test('a certificate in use is never deleted, and the load balancers are named', () => {
    expect(fixOf({ usedBy: ['classic in us-east-1'] })).toEqual({
      manual: expect.stringContaining('classic in us-east-1'),
    });
  });

  test('a certificate is not deleted while a Region may use it unseen', () => {
    expect(fixOf({ unreadRegions: ['sa-east-1'] })).toEqual({ manual: expect.stringContaining('sa-east-1') });
  });

  test('a certificate is kept for the days of grace', () => {
    expect(fixOf({}, { graceDays: 30 })).toEqual({
      manual: expect.stringContaining('from 2026-12-20T12:00:00.000Z on'),
    });
    expect(fixOf({}, { graceDays: 9 })).toMatchObject({ risk: 'irreversible' });
  });

  test('the plan says that the private key is lost', () => {
    expect(fixOf({})).toMatchObject({
      steps: [{ undo: { impossible: expect.stringContaining('private key') } }],
    });
  });
});

describe('observe', () => {
  /** A fake account with two Regions, the second of which fails. Its certificates are on pages of one. */
  const accountWith = (certificates: readonly ServerCertificateMetadata[], failure: string) =>
    fakeSession({
      allow: rule.permissions.get,
      answers: [
        on(
          IAMClient,
          ListServerCertificatesCommand,
          ({ Marker = '0' }: ListServerCertificatesCommandInput) => {
            const next = Number(Marker) + 1;
            const more = next < certificates.length;
            return {
              ServerCertificateMetadataList: certificates.slice(next - 1, next),
              IsTruncated: more,
              ...(more && { Marker: String(next) }),
            };
          },
        ),
        on(EC2Client, DescribeRegionsCommand, () => ({
          Regions: [{ RegionName: 'us-east-1' }, { RegionName: 'sa-east-1' }],
        })),
        // Both load balancing services have an operation of this name, and both answer with nothing.
        on(ElasticLoadBalancingClient, DescribeClassicLoadBalancersCommand, (_, region) => {
          if (region === 'sa-east-1') throw awsError(failure, failure, 403);
          return {};
        }),
      ],
    });

  const get = (failure: string) =>
    rule.observe.get(
      { resourceType: 'AWS::IAM::ServerCertificate', resourceId: 'ASCA2' },
      { session: accountWith([{ ...WEB, ServerCertificateId: 'ASCA1' }, WEB], failure) },
    );

  test('a Region that denies the reading of its load balancers is named, and the others are read', async () => {
    await expect(get('AccessDenied')).resolves.toEqual({
      facts: { expires: EXPIRES },
      handles: { name: 'web', path: '/', usedBy: [], unreadRegions: ['sa-east-1'] },
      identity: { resourceName: 'web', arn: ARN },
    });
  });

  test('throttling in a Region is a failure, not a Region without load balancers', async () => {
    await expect(get('Throttling')).rejects.toThrow('Throttling');
  });

  const ACCOUNT = { resourceType: ACCOUNT_TYPE, resourceId: '111122223333' };

  test('an account without certificates is judged itself, and is compliant', async () => {
    const session = accountWith([], '');
    await expect(Array.fromAsync(rule.observe.list({ session }))).resolves.toEqual([
      { resource: ACCOUNT, facts: { expires: null } },
    ]);
    expect(session.sent).toHaveLength(1);
    await expect(rule.observe.get(ACCOUNT, { session })).resolves.toMatchObject({ facts: { expires: null } });
    expect(rule.judge({ expires: null }, contextAt('2026-11-30T00:00:00Z'))).toEqual({
      complianceType: 'COMPLIANT',
    });
  });

  test('an account with a certificate has no verdict of its own', async () => {
    const session = accountWith([WEB], '');
    const listed = await Array.fromAsync(rule.observe.list({ session }));
    expect(listed.map(({ resource }) => resource.resourceId)).toEqual(['ASCA2']);
    await expect(rule.observe.get(ACCOUNT, { session })).resolves.toBeUndefined();
  });
});
