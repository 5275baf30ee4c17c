import { configRuleName } from '@compliance/core';
import { loadAllRules } from '@compliance/registry';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { conformancePacks } from '../src/packs/conformance-pack.ts';
import { recordedTypes } from '../src/packs/recorded-types.ts';
import { MEMBER, aRule, someSettings, withoutFix } from './examples.ts';

const inHome = { region: 'eu-west-1', partition: 'aws', settings: someSettings() };
const onlyPack = (input: Parameters<typeof conformancePacks>[0]) => {
  const [pack, ...more] = conformancePacks(input);
  expect(more).toEqual([]);
  if (!pack) throw new Error('There is no pack.');
  return pack;
};
const resources = (input: Parameters<typeof conformancePacks>[0]) => onlyPack(input).template.Resources;

describe('a change rule with a fix', () => {
  const rules = [aRule('S3_ENABLE_VERSIONING')];

  test('a change rule with a fix becomes a Config rule for changes and the schedule, and a remediation', () => {
    expect(resources({ ...inHome, rules })).toEqual({
      S3EnableVersioning: {
        Type: 'AWS::Config::ConfigRule',
        Properties: {
          ConfigRuleName: 's3-enable-versioning',
          Description: 'Things are as they should be',
          InputParameters: { ComplianceCommand: 'S3_ENABLE_VERSIONING' },
          Scope: { ComplianceResourceTypes: ['AWS::S3::Bucket'] },
          Source: {
            Owner: 'CUSTOM_LAMBDA',
            SourceIdentifier: 'arn:aws:lambda:eu-west-1:999988887777:function:compliance-generic-rule',
            SourceDetails: [
              { EventSource: 'aws.config', MessageType: 'ConfigurationItemChangeNotification' },
              { EventSource: 'aws.config', MessageType: 'OversizedConfigurationItemChangeNotification' },
              {
                EventSource: 'aws.config',
                MessageType: 'ScheduledNotification',
                MaximumExecutionFrequency: 'TwentyFour_Hours',
              },
            ],
          },
        },
      },
      S3EnableVersioningRemediation: {
        Type: 'AWS::Config::RemediationConfiguration',
        DependsOn: 'S3EnableVersioning',
        Properties: {
          ConfigRuleName: 's3-enable-versioning',
          TargetType: 'SSM_DOCUMENT',
          TargetId: 'arn:aws:ssm:eu-west-1:999988887777:document/compliance-remediation',
          Parameters: {
            ComplianceCommand: { StaticValue: { Values: ['S3_ENABLE_VERSIONING'] } },
            ResourceType: { StaticValue: { Values: ['AWS::S3::Bucket'] } },
            ResourceId: { ResourceValue: { Value: 'RESOURCE_ID' } },
            AutomationAssumeRole: {
              StaticValue: { Values: ['arn:aws:iam::999988887777:role/compliance-automation'] },
            },
          },
          Automatic: false,
          ExecutionControls: { SsmControls: { ConcurrentExecutionRatePercentage: 10, ErrorPercentage: 20 } },
        },
      },
    });
  });

  test.for([
    ['off', [], undefined],
    ['observe', ['S3EnableVersioning'], undefined],
    ['plan', ['S3EnableVersioning', 'S3EnableVersioningRemediation'], false],
    ['approve', ['S3EnableVersioning', 'S3EnableVersioningRemediation'], false],
    ['auto', ['S3EnableVersioning', 'S3EnableVersioningRemediation'], true],
  ] as const)(
    'with mode %s in one group and off elsewhere, the pack contains %o',
    ([mode, ids, automatic]) => {
      const settings = someSettings({
        rules: { S3_ENABLE_VERSIONING: { mode: 'off', groups: { sandbox: { mode } } } },
      });
      const [pack] = conformancePacks({ ...inHome, settings, rules });
      expect(Object.keys(pack?.template.Resources ?? {})).toEqual(ids);
      const remediation = pack?.template.Resources['S3EnableVersioningRemediation']?.Properties;
      expect(remediation && 'Automatic' in remediation ? remediation.Automatic : undefined).toBe(automatic);
    },
  );

  test('only an automatic remediation has attempts', () => {
    const settings = someSettings({ defaults: { mode: 'auto' } });
    expect(
      resources({ ...inHome, settings, rules })['S3EnableVersioningRemediation']?.Properties,
    ).toMatchObject({
      MaximumAutomaticAttempts: 25,
      RetryAttemptSeconds: 60,
    });
  });
});

test('a rule without a change trigger has only the schedule, and no scope', () => {
  const [rule] = Object.values(
    resources({ ...inHome, rules: [withoutFix('IAM_A_B', { triggers: ['schedule'] })] }),
  );
  expect(rule?.Properties).not.toHaveProperty('Scope');
  expect(rule?.Properties).toHaveProperty('Source.SourceDetails', [
    expect.objectContaining({ MessageType: 'ScheduledNotification' }),
  ]);
});

test('a rule without a fix has no remediation', () => {
  expect(Object.keys(resources({ ...inHome, rules: [withoutFix('IAM_A_B')] }))).toEqual(['IamAB']);
});

describe('Regions', () => {
  const rules = [aRule('S3_A'), aRule('IAM_A', { deploy: 'home-region' })];
  const names = (region: string) => conformancePacks({ ...inHome, region, rules }).map(({ name }) => name);

  test('the home Region has the regional and the global pack', () => {
    expect(names('eu-west-1')).toEqual(['compliance-regional', 'compliance-global']);
  });
  test('another Region has the regional pack, with its own function', () => {
    expect(names('us-east-1')).toEqual(['compliance-regional']);
    expect(conformancePacks({ ...inHome, region: 'us-east-1', rules })[0]?.yaml).toContain(
      'arn:aws:lambda:us-east-1:',
    );
  });
  test('a Region that the settings do not list is refused', () => {
    expect(() => names('ap-south-1')).toThrow(
      'No conformance pack for ap-south-1: the settings list only eu-west-1, us-east-1.',
    );
  });
  test('the partition is that of the caller', () => {
    expect(conformancePacks({ ...inHome, partition: 'aws-cn', rules })[0]?.yaml).not.toContain('arn:aws:');
  });
});

describe('the text', () => {
  const rules = [aRule('S3_A'), aRule('S3_B'), aRule('EC2_A')];

  test('the YAML of a pack equals its template, and its digest is the key', () => {
    const { template, yaml, key } = onlyPack({ ...inHome, rules });
    expect(parse(yaml)).toEqual(template);
    expect(key).toBe(`packs/${createHash('sha256').update(yaml).digest('hex')}.yaml`);
  });
  test('the YAML of a pack does not depend on the order of the rules', () => {
    expect(onlyPack({ ...inHome, rules: rules.toReversed() }).yaml).toBe(onlyPack({ ...inHome, rules }).yaml);
  });
  test('the YAML of a pack has no anchors', () => {
    expect(onlyPack({ ...inHome, rules }).yaml).not.toMatch(/[&*]a\d/);
  });
  test('without rules there is no pack', () => {
    expect(conformancePacks({ ...inHome, rules: [] })).toEqual([]);
  });
});

describe('limits', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => aRule(`S3_RULE_${1000 + index}`));
  const sizes = (input: Parameters<typeof conformancePacks>[0]) =>
    conformancePacks(input).map(({ name, template }) => [name, Object.keys(template.Resources).length / 2]);

  test('a pack holds 130 rules, and the next rule begins another pack', () => {
    expect(sizes({ ...inHome, rules: many(131) })).toEqual([
      ['compliance-regional', 130],
      ['compliance-regional-2', 1],
    ]);
  });
  test('a template is split before it exceeds the size limit', () => {
    const packs = conformancePacks({ ...inHome, rules: many(10), shard: { bytes: 5000 } });
    expect(packs.length).toBeGreaterThan(2);
    for (const { yaml } of packs) expect(Buffer.byteLength(yaml)).toBeLessThanOrEqual(5000);
    expect(new Set(packs.flatMap(({ template }) => Object.keys(template.Resources))).size).toBe(20);
  });
  test('130 rules with the longest texts exceed 300,000 bytes and are split without losing a rule', () => {
    const wordy = many(130).map((rule, index) => ({
      ...rule,
      command: `S3_${'A'.repeat(110)}_${1000 + index}`,
      title: 'ü'.repeat(256),
      resourceType: `AWS::S3::${'B'.repeat(240)}`,
    }));
    const packs = conformancePacks({ ...inHome, rules: wordy });
    expect(packs.map(({ name }) => name)).toEqual(['compliance-regional', 'compliance-regional-2']);
    for (const { yaml } of packs) expect(Buffer.byteLength(yaml)).toBeLessThanOrEqual(300_000);
    expect(packs.flatMap(({ template }) => Object.keys(template.Resources))).toHaveLength(260);
  });
  test('a rule that is larger than a pack is refused', () => {
    expect(() => conformancePacks({ ...inHome, rules: many(1), shard: { bytes: 100 } })).toThrow(
      /^Rule S3Rule1000 is too large for a conformance pack: \d+ bytes; the limit is 100\. /,
    );
  });
  test.for([
    [
      'InputParameters',
      aRule(`S3_${'A'.repeat(1024)}`),
      "is too long: 1051 characters; AWS Config's limit is 1024",
    ],
    ['title', aRule('S3_A', { title: 'a'.repeat(257) }), 'The title of S3_A is too long: 257 characters'],
    ['command', aRule(`S3_${'A'.repeat(126)}`), 'Invalid ComplianceCommand of S3_AAA'],
    [
      'resource type',
      aRule('S3_A', { resourceType: 'a bucket' }),
      "Invalid ResourceType of S3_A: 'a bucket' does not match",
    ],
  ] as const)('a rule whose %s AWS does not accept is refused', ([, rule, message]) => {
    expect(() => conformancePacks({ ...inHome, rules: [rule] })).toThrow(message);
  });
  test('two commands with the same logical id are refused', () => {
    expect(() => conformancePacks({ ...inHome, rules: [aRule('S3_AB1'), aRule('S3_AB_1')] })).toThrow(
      'Two rules of the pack have the same logical id in the template: S3Ab1.',
    );
  });
  test('a long command is shortened to the Config rule name of core', () => {
    const command = 'CLOUDTRAIL_ENABLE_LOG_FILE_VALIDATION_EVERYWHERE';
    expect(onlyPack({ ...inHome, rules: [aRule(command)] }).yaml).toContain(configRuleName(command));
  });
});

test('every real rule fits into the packs, where the management account is listed', async () => {
  const rules = await loadAllRules();
  const settings = someSettings({}, { managementAccountId: MEMBER });
  const ids = conformancePacks({ ...inHome, settings, rules }).flatMap(({ template }) =>
    Object.values(template.Resources),
  );
  expect(ids.filter(({ Type }) => Type === 'AWS::Config::ConfigRule')).toHaveLength(rules.length);
});

test('a rule of a type that is not recorded runs on schedule only, and its type is left out of the recorder', () => {
  const settings = someSettings({ recording: { scheduleOnly: ['AWS::S3::Bucket'] } });
  const rules = [aRule('S3_ENABLE_VERSIONING')];
  expect(resources({ ...inHome, settings, rules })['S3EnableVersioning']).toMatchObject({
    Properties: {
      Source: { SourceDetails: [{ MessageType: 'ScheduledNotification' }] },
    },
  });
  expect(resources({ ...inHome, settings, rules })['S3EnableVersioning']?.Properties).not.toHaveProperty(
    'Scope',
  );
  expect(recordedTypes(rules, settings).home).not.toContain('AWS::S3::Bucket');
  expect(recordedTypes(rules, someSettings()).home).toContain('AWS::S3::Bucket');
});
