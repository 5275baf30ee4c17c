import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import {
  asSentence,
  findPlaceholders,
  findSettingsProblems,
  settingsProblems,
} from '../src/settings-problems.ts';
import { terraformModules } from '../src/terraform-modules.ts';
import { aRule, accounts, someSettings } from './examples.ts';

const parameters = z.object({
  days: z.int().default(90).describe('Days.'),
  tag: z.string().default('owner').describe('Tag.'),
  ports: z.array(z.int()).default([]).describe('Ports.'),
  range: z.strictObject({ from: z.int() }).optional().describe('Range.'),
});
const RULES = [aRule('S3_ONE', { parameters }), aRule('S3_TWO', { parameters }), aRule('EC2_THREE')];

const problemsOf = (members: Record<string, unknown>, organization: object = {}) =>
  findSettingsProblems(someSettings(members, organization), RULES).map(asSentence);

describe('a wrong parameter', () => {
  test.each([
    [
      'a wrong type',
      { S3_ONE: { parameters: { days: 'ninety' } } },
      "rules.S3_ONE.parameters.days: must be a number, not the text 'ninety' (parameters of S3_ONE)",
    ],
    [
      'an unknown name',
      { S3_ONE: { parameters: { dayz: 1 } } },
      "rules.S3_ONE.parameters.dayz: unknown parameter 'dayz' - did you mean 'days'? (parameters of S3_ONE)",
    ],
    [
      'a name that is near none',
      { EC2_THREE: { parameters: { something: 1 } } },
      "rules.EC2_THREE.parameters.something: unknown parameter 'something'; the rule has none (parameters of EC2_THREE)",
    ],
    [
      'a wrong element of a list',
      { S3_ONE: { parameters: { ports: [22, 'ssh'] } } },
      "rules.S3_ONE.parameters.ports.1: must be a number, not the text 'ssh' (parameters of S3_ONE)",
    ],
    [
      'an unknown key within a parameter',
      { S3_ONE: { parameters: { range: { from: 1, too: 2 } } } },
      "rules.S3_ONE.parameters.range.too: unknown key 'too' (parameters of S3_ONE)",
    ],
    [
      'an unknown placeholder',
      { S3_ONE: { parameters: { tag: '{acountId}' } } },
      'rules.S3_ONE: Unknown placeholder in a parameter: {acountId}. Known: {accountId}, {region}, {partition}. (parameters of S3_ONE)',
    ],
    [
      'a wrong type under a glob',
      { 'S3_*': { parameters: { days: false } } },
      'rules.S3_*.parameters.days: must be a number, not false (parameters of S3_ONE and 1 more)',
    ],
  ])('%s is reported once for 300 accounts, with its place and the nearest name', (_, rules, message) => {
    const members = { rules, accounts: accounts(300) };
    const found = problemsOf(members, { invokePermission: 'any-account' });
    expect(found).toEqual([message]);
  });

  test('a wrong parameter of a group is reported at the group', () => {
    const rules = { S3_ONE: { groups: { production: { parameters: { days: 'x' } } } } };
    const [first, ...others] = accounts(4).map((account) => ({ ...account, groups: ['production'] }));
    expect(problemsOf({ rules, accounts: [{ ...first, groups: [] }, ...others] })).toEqual([
      "rules.S3_ONE.groups.production.parameters.days: must be a number, not the text 'x' (parameters of S3_ONE)",
    ]);
  });
});

describe('Regions', () => {
  const inRegions = (...regions: string[]) => problemsOf({}, { homeRegion: regions[0], regions });

  test.each([
    [['eusc-de-east-1']],
    [['us-iso-east-1', 'us-iso-west-1']],
    [['us-gov-west-1', 'us-gov-east-1']],
    [['cn-north-1', 'cn-northwest-1']],
  ])('the Regions %j are accepted', (regions) => {
    expect(inRegions(...regions)).toEqual([]);
  });

  test('a name that no Region can have is a problem with the nearest name', () => {
    expect(inRegions('eu-west-1', 'eu-wst-1')).toEqual([
      "organization.regions.1: 'eu-wst-1' is not an AWS Region - did you mean 'eu-west-1'?",
    ]);
  });

  test('a Region that is listed twice is a problem', () => {
    expect(inRegions('eu-west-1', 'us-east-1', 'eu-west-1')).toEqual([
      'organization.regions.2: Region eu-west-1 is listed twice',
    ]);
  });

  test('Regions of two partitions are a problem', () => {
    expect(inRegions('eu-west-1', 'us-gov-west-1')).toEqual([
      expect.stringContaining(
        'us-gov-west-1 is in partition aws-us-gov, and the home Region eu-west-1 in aws',
      ),
    ]);
  });

  test('a Region that AWS may have opened after this release is a warning with the nearest name', () => {
    const settings = someSettings({}, { regions: ['eu-west-1', 'eu-west-9'] });
    expect(findSettingsProblems(settings, RULES)).toEqual([
      {
        path: ['organization', 'regions', 1],
        message: expect.stringMatching(
          /does not know the Region eu-west-9 - did you mean 'eu-west-\d'\?/,
        ) as string,
        isWarning: true,
      },
    ]);
  });

  test('the packs of a Region of another partition have its ARNs', () => {
    const settings = someSettings({}, { homeRegion: 'us-iso-east-1', regions: ['us-iso-east-1'] });
    const { 'rollout/us-iso-east-1/packs/compliance-regional.yaml': pack } = terraformModules(
      settings,
      RULES,
    );
    expect(pack).toContain('arn:aws-iso:');
    expect(pack).not.toContain('arn:aws:');
  });
});

test('the 74th account is named', () => {
  const [problem, ...others] = findSettingsProblems(someSettings({ accounts: accounts(80) }), RULES);
  expect(problem).toMatchObject({
    path: ['accounts', 73],
    message: expect.stringContaining('account 100000000073 (account 73) does not fit') as string,
  });
  expect(others).toEqual([]);
});

describe('selected frameworks', () => {
  const problemsOfSelection = (...frameworks: readonly object[]) => problemsOf({ frameworks });

  test.each([
    [
      'an unknown id, with the nearest',
      [{ id: 'cis-7' }],
      "frameworks.0.id: unknown framework 'cis-7' - did you mean 'cis-7.0'?",
    ],
    [
      'an id that is near none, with some',
      [{ id: 'cis-7.0' }, { id: 'everything' }],
      "frameworks.1.id: unknown framework 'everything'; the nearest are ",
    ],
    [
      'a level of a framework without levels',
      [{ id: 'soc2', level: 1 }],
      'frameworks.0.level: soc2 has no levels: leave it out',
    ],
    [
      'a framework that is selected twice',
      [{ id: 'cis-7.0', level: 1 }, { id: 'cis-7.0' }],
      'frameworks.1: cis-7.0 is selected twice: keep the higher level',
    ],
  ])('settings may not select %s', (_, selected, problem) => {
    expect(problemsOfSelection(...selected)).toEqual([expect.stringContaining(problem)]);
  });
  test.each([[[]], [[{ id: 'cis-7.0', level: 3 }]], [[{ level: 1 }]]])(
    'settings may not select %j',
    (frameworks) => {
      expect(() => someSettings({ frameworks })).toThrow('frameworks');
    },
  );
  test('settings by the name of a rule that no selected framework asks for are a warning, those by a glob are not', () => {
    const settings = (key: string) =>
      someSettings({ frameworks: [{ id: 'cis-7.0' }], rules: { [key]: { mode: 'observe' } } });
    expect(findSettingsProblems(settings('S3_ONE'), RULES)).toEqual([
      {
        path: ['rules', 'S3_ONE'],
        message: 'has no effect: no framework that the settings select asks for this rule',
        isWarning: true,
      },
    ]);
    expect(findSettingsProblems(settings('S3_*'), RULES)).toEqual([]);
  });
});

test('the external id of the example is a placeholder, and one of an organization is not', () => {
  const withId = (externalId: string) => findPlaceholders(someSettings({}, { externalId })).map(asSentence);
  expect(withId('change-me-to-some-random-text')).toEqual([
    expect.stringMatching(/^organization\.externalId: is still the placeholder 'change-me-.* uuidgen$/),
  ]);
  expect(withId('0d3f5a51-4c0e-4d0d-9b53-6f3d2c4e7a10')).toEqual([]);
});

test('no text of the settings becomes an expression of Terraform', () => {
  const text = '${var.stolen} ${data.aws_region.current.id} %{if true}';
  const settings = someSettings({
    accounts: [{ id: '111122223333', name: text, groups: [text], ou: text, owner: text }],
    rules: { S3_ONE: { parameters: { tag: text }, groups: { [text]: { mode: 'auto' } } } },
    infrastructureAsCode: { tags: { [text]: text } },
    owners: { tag: text, default: text },
    exclusions: [text],
  });
  for (const content of Object.values(terraformModules(settings, RULES))) {
    expect(content).not.toContain('var.stolen');
    expect(content).not.toContain('%{if true}');
  }
});

test.each([
  'change-me',
  'CHANGEME',
  'replace-me-please',
  'your-external-id',
  'TODO',
  'tbd',
  'xxxxxxxx',
  '0000',
])('%s in place of an external id is a placeholder', (externalId) => {
  expect(findPlaceholders(someSettings({}, { externalId }))).toHaveLength(1);
});

test.each(['0d6c1a9e-8d0a-4b52-9b1f-1d1f3c1f2a10', 'changemenow', 'yourself', 'todo-list-inc', 'aab'])(
  '%s is an external id like any other',
  (externalId) => {
    expect(findPlaceholders(someSettings({}, { externalId }))).toEqual([]);
  },
);

test('whole policies are accepted, with a warning that their key is not documented', () => {
  const chosen = someSettings({}, { invokePermission: 'organization' });
  expect(findSettingsProblems(chosen, [])).toEqual([
    {
      path: ['organization', 'invokePermission'],
      message: expect.stringContaining('depends on aws:SourceOrgID'),
      isWarning: true,
    },
  ]);
  expect(settingsProblems(chosen, [])).toEqual([]);
});
