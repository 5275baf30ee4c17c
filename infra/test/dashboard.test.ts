import { BlockList, isIPv4 } from 'node:net';
import { runInNewContext } from 'node:vm';

import { PAGE_HEADERS } from '@compliance/dashboard-data';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { viewerFunction } from '../src/hosting/viewer-function.ts';
import { asSentence, findSettingsProblems, settingsProblems } from '../src/settings-problems.ts';
import { terraformModules } from '../src/terraform-modules.ts';
import { DASHBOARD, MASTER, aRule, someSettings } from './examples.ts';

const rules = [aRule('S3_EXAMPLE')];
const MODULE = 'master-dashboard/main.tf.json';
const REQUEST = { method: 'GET', uri: '/overview.json' };

/** Runs the code as CloudFront does: with nothing but the language. */
const answerTo = (allow: readonly string[], ip: string): unknown =>
  runInNewContext(`${viewerFunction({ allow: [...allow] })}\nhandler(event)`, {
    event: { version: '1.0', viewer: { ip }, request: REQUEST },
  });
const isAdmitted = (allow: readonly string[], ip: string) => answerTo(allow, ip) === REQUEST;

describe('the function that admits viewers', () => {
  test.for([
    ['203.0.113.0/24', '203.0.113.255'],
    ['203.0.113.7/32', '203.0.113.7'],
    ['203.0.113.128/25', '203.0.113.128'],
    ['128.0.0.0/1', '255.255.255.255'],
    ['2001:db8::/32', '2001:db8:ffff::1'],
    ['2001:db8::/32', '2001:0DB8:0:0:0:0:0:1'],
    ['2001:db8:1:2:3:4:5:6/128', '2001:db8:1:2:3:4:5:6'],
    ['2001:db8::8000/113', '2001:db8::ffff'],
    ['::1/128', '::1'],
    ['2001:db8::/127', '2001:db8::'],
  ] as const)('%s admits %s', ([range, ip]) => {
    expect(isAdmitted([range], ip)).toBe(true);
    expect(isAdmitted(['198.51.100.0/24', range], ip)).toBe(true);
  });
  test.for([
    ['203.0.113.0/24', '203.0.114.0'],
    ['203.0.113.7/32', '203.0.113.6'],
    ['203.0.113.128/25', '203.0.113.127'],
    ['2001:db8::/32', '2001:db9::1'],
    ['2001:db8::8000/113', '2001:db8::7fff'],
    // The first 32 bits are the same as those of the range.
    ['32.1.13.184/32', '2001:db8::1'],
    ['2001:db8::/32', '32.1.13.184'],
  ] as const)('%s does not admit %s', ([range, ip]) => {
    expect(isAdmitted([range], ip)).toBe(false);
  });
  test.for([
    '',
    '203.0.113',
    '203.0.113.1.1',
    '203.0.113.256',
    '203.0.113.-1',
    '203.0.113.1 ',
    '203.0.113.0x1',
    '203.0.113.',
    ':',
    ':::',
    '::1::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '2001:db8::12345',
    '2001:db8::g',
    '2001:db8:::1',
    '2001:db8::1%eth0',
    '::ffff:203.0.113.1',
    'undefined',
  ])('the malformed address %j is refused, whatever the list', (ip) => {
    expect(isAdmitted(['0.0.0.0/1', '128.0.0.0/1', '::/1', '8000::/1'], ip)).toBe(false);
  });
  test('an empty list refuses everybody', () => {
    for (const ip of ['203.0.113.1', '0.0.0.0', '::', '2001:db8::1']) expect(isAdmitted([], ip)).toBe(false);
  });
  test('who is refused gets an empty answer, which nobody keeps', () => {
    expect(answerTo([], '203.0.113.1')).toEqual({
      statusCode: 403,
      statusDescription: 'Forbidden',
      headers: { 'cache-control': { value: 'no-store' } },
    });
  });
  test('it decides as Node does, for every length and for addresses on both sides of each border', () => {
    const check = (range: string, ips: readonly string[]) => {
      const [address = '', length] = range.split('/');
      const oracle = new BlockList();
      oracle.addSubnet(address, Number(length), isIPv4(address) ? 'ipv4' : 'ipv6');
      for (const ip of ips)
        expect([range, ip, isAdmitted([range], ip)]).toEqual([
          range,
          ip,
          oracle.check(ip, isIPv4(ip) ? 'ipv4' : 'ipv6'),
        ]);
    };
    const v4 = (bits: bigint) => [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 255n)).join('.');
    const v6 = (bits: bigint) =>
      Array.from({ length: 8 }, (_, index) =>
        ((bits >> BigInt(112 - 16 * index)) & 65_535n).toString(16),
      ).join(':');
    const base4 = 0xcb_00_71_a5n;
    const base6 = 0x2001_0db8_00a5_5a00_0000_ffff_0000_a5a5n;
    for (let length = 1; length <= 32; length++)
      check(`${v4(base4)}/${length}`, [v4(base4), v4(base4 ^ (1n << BigInt(32 - length))), v4(base4 ^ 1n)]);
    for (let length = 1; length <= 128; length++)
      check(`${v6(base6)}/${length}`, [v6(base6), v6(base6 ^ (1n << BigInt(128 - length))), v6(base6 ^ 1n)]);
  });
});

const Module = z.object({
  resource: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.json()))),
});
const resourcesOf = (dashboard: object) => {
  const files = terraformModules(someSettings({ dashboard }), rules);
  return Module.parse(JSON.parse(files[MODULE] ?? '')).resource;
};
const ARN = 'arn:aws:lambda:us-east-1:999988887777:function:authenticator:3';

describe('the modules of the hosted dashboard', () => {
  test('without the setting, nothing of it is emitted; with it, every other module has the same bytes', () => {
    const without = terraformModules(someSettings(), rules);
    expect(JSON.stringify(without)).not.toContain('compliance-dashboard');
    const { [MODULE]: module, ...others } = terraformModules(someSettings({ dashboard: DASHBOARD }), rules);
    expect(module).toBeDefined();
    const unlikePreflight = (files: Readonly<Record<string, string>>) =>
      Object.entries(files).filter(([path]) => path !== 'master-global/main.tf.json');
    expect(unlikePreflight(others)).toEqual(unlikePreflight(without));
  });
  test('CloudFront sends exactly the headers of the local server, and asks for HTTPS', () => {
    const Policy = z.strictObject({
      name: z.string(),
      comment: z.string(),
      custom_headers_config: z.object({
        items: z.array(z.strictObject({ header: z.string(), value: z.string(), override: z.literal(true) })),
      }),
      security_headers_config: z.strictObject({
        content_security_policy: z.strictObject({
          content_security_policy: z.string(),
          override: z.literal(true),
        }),
        content_type_options: z.strictObject({ override: z.literal(true) }),
        referrer_policy: z.strictObject({ referrer_policy: z.string(), override: z.literal(true) }),
        strict_transport_security: z.strictObject({
          access_control_max_age_sec: z.literal(31_536_000),
          override: z.literal(true),
        }),
      }),
    });
    const { custom_headers_config: custom, security_headers_config: security } = Policy.parse(
      resourcesOf(DASHBOARD)['aws_cloudfront_response_headers_policy']?.['dashboard_headers'],
    );
    expect({
      ...Object.fromEntries(custom.items.map(({ header, value }) => [header, value])),
      'content-security-policy': security.content_security_policy.content_security_policy,
      'referrer-policy': security.referrer_policy.referrer_policy,
      'x-content-type-options': 'nosniff',
    }).toEqual(PAGE_HEADERS);
    expect(PAGE_HEADERS['content-security-policy']).not.toContain('unsafe');
  });
  test('the bucket is private, and the distribution alone reads it', () => {
    const resources = resourcesOf(DASHBOARD);
    expect(resources['aws_s3_bucket_public_access_block']?.['dashboard_data']).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(resources['aws_s3_bucket_versioning']?.['dashboard_data']).toMatchObject({
      versioning_configuration: { status: 'Enabled' },
    });
    const { policy } = resources['aws_s3_bucket_policy']?.['dashboard_data'] ?? {};
    const { Statement } = z
      .object({ Statement: z.array(z.record(z.string(), z.json())) })
      .parse(JSON.parse(z.string().parse(policy)));
    const allowed = Statement.filter(({ Effect }) => Effect === 'Allow');
    expect(allowed.map(({ Action }) => Action)).toEqual(['s3:GetObject', 's3:ListBucket']);
    for (const { Principal, Condition } of allowed)
      expect([Principal, Condition]).toEqual([
        { Service: 'cloudfront.amazonaws.com' },
        { ArnEquals: { 'aws:SourceArn': '${aws_cloudfront_distribution.dashboard.arn}' } },
      ]);
    expect(Statement.map(({ Sid }) => Sid)).toContain('EncryptedTransport');
  });
  test('the distribution reads only, over HTTPS, caches nothing, logs, and asks the function first', () => {
    const { aws_cloudfront_distribution: distributions, aws_cloudfront_function: functions } =
      resourcesOf(DASHBOARD);
    expect(distributions?.['dashboard']).toMatchObject({
      default_root_object: 'index.html',
      default_cache_behavior: {
        allowed_methods: ['GET', 'HEAD'],
        viewer_protocol_policy: 'redirect-to-https',
        cache_policy_id: '4135ea2d-6df8-44a3-9df3-4be5a84d39ad',
        function_association: [
          { event_type: 'viewer-request', function_arn: '${aws_cloudfront_function.dashboard_viewers.arn}' },
        ],
      },
      logging_config: { bucket: `compliance-dashboard-log-${MASTER}.s3.amazonaws.com` },
      viewer_certificate: { minimum_protocol_version: 'TLSv1.2_2021' },
      aliases: ['compliance.example.com'],
    });
    const { code } = functions?.['dashboard_viewers'] ?? {};
    expect(code).toBe(viewerFunction(DASHBOARD));
    // Terraform would evaluate these.
    expect(code).not.toMatch(/[$%]\{/);
  });
  test('an authenticator takes the place of the list', () => {
    const resources = resourcesOf({ authenticatorArn: ARN });
    expect(resources['aws_cloudfront_function']).toBeUndefined();
    expect(resources['aws_cloudfront_distribution']?.['dashboard']).toMatchObject({
      default_cache_behavior: {
        lambda_function_association: [{ event_type: 'viewer-request', lambda_arn: ARN }],
      },
    });
  });
});

describe('the settings of the hosted dashboard', () => {
  const problemsOf = (dashboard: object, organization: object = {}) =>
    settingsProblems(someSettings({ dashboard }, organization), rules);
  const warningsOf = (dashboard: object) =>
    findSettingsProblems(someSettings({ dashboard }), rules).map(asSentence);

  test.for([
    '203.0.113.1',
    '203.0.113.0/33',
    '203.0.113/24',
    '0.0.0.0/0',
    '::/0',
    '2001:db8::/129',
    '2001:db8:::/32',
    '::ffff:203.0.113.0/120',
    '203.0.113.0/24 ',
    'office',
  ])('%j is refused as a range', (range) => {
    expect(() => someSettings({ dashboard: { allow: [range] } })).toThrow(
      'is not a range of addresses such as 203.0.113.0/24 or 2001:db8::/32',
    );
  });
  test('a dashboard that everybody could reach is refused, and so are two functions at once', () => {
    for (const dashboard of [{}, { allow: ['203.0.113.0/24'], authenticatorArn: ARN }])
      expect(() => someSettings({ dashboard })).toThrow('needs one of allow and authenticatorArn');
  });
  test('an authenticator without a version, or elsewhere, is refused', () => {
    for (const authenticatorArn of [ARN.replace(':3', ''), ARN.replace('us-east-1', 'eu-west-1')])
      expect(() => someSettings({ dashboard: { authenticatorArn } })).toThrow('us-east-1');
  });
  test('what CloudFront cannot do is refused', () => {
    expect(problemsOf(DASHBOARD)).toEqual([]);
    const elsewhere = (region: string) => problemsOf(DASHBOARD, { homeRegion: region, regions: [region] });
    expect(elsewhere('cn-north-1')).toEqual([expect.stringContaining('no functions in this partition')]);
    expect(elsewhere('eu-south-1')).toEqual([
      expect.stringContaining('delivers its log to no bucket in eu-south-1'),
    ]);
    const many = Array.from(
      { length: 500 },
      (_, index) => `203.0.${Math.floor(index / 256)}.${index % 256}/32`,
    );
    expect(problemsOf({ allow: many })).toEqual([expect.stringContaining('dashboard.allow: has 500 ranges')]);
  });
  test('an empty list, and a name of CloudFront, are warned of', () => {
    expect(warningsOf(DASHBOARD)).toEqual([]);
    expect(warningsOf({ allow: [] })).toEqual([
      'dashboard.allow: is empty: nobody can reach the dashboard',
      'dashboard: has no domain: the certificate of CloudFront also admits TLS 1.0 and 1.1',
    ]);
  });
});
