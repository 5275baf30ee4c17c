import { configRuleName, type Rule, type Settings } from '@compliance/core';
import { coverage, frameworks, mappedCoverage, mappedFrameworks } from '@compliance/frameworks';
import { loadAllRules } from '@compliance/registry';
import { expect, test } from 'vitest';

import { conformancePacks } from '../src/packs/conformance-pack.ts';
import { enabledRules } from '../src/packs/enabled-rules.ts';
import { terraformModules } from '../src/terraform-modules.ts';
import { aRule, someSettings } from './examples.ts';

const rules = await loadAllRules();

/** Every framework at every level that it has, with the commands that the tables of `compliance frameworks` name. */
const SELECTIONS = [
  ...frameworks.flatMap((framework) =>
    [undefined, 1, 2].map((level) => ({
      selected: { id: framework.id, ...(level !== undefined && { level }) },
      commands: coverage(framework, rules)
        .flatMap(({ requirements }) => requirements)
        .filter((requirement) => level !== 1 || requirement.level !== 2)
        .flatMap((requirement) => requirement.rules),
    })),
  ),
  ...mappedFrameworks.map((framework) => ({
    selected: { id: framework.id },
    commands: [
      ...mappedCoverage(framework, rules).flatMap((requirement) => requirement.rules),
      ...rules.filter(({ controls }) => controls[framework.id]).map(({ command }) => command),
    ],
  })),
].map(
  ({ selected, commands }) => [JSON.stringify(selected), { selected, commands: new Set(commands) }] as const,
);

/** The names of the Config rules in all packs of a Region. */
const namesIn = (settings: Settings, region: string): readonly string[] =>
  conformancePacks({ rules, settings, region, partition: 'aws' }).flatMap(({ template }) =>
    Object.values(template.Resources).flatMap((resource) =>
      resource.Type === 'AWS::Config::ConfigRule' ? [resource.Properties.ConfigRuleName] : [],
    ),
  );

test.each(SELECTIONS)(
  '%s deploys each rule that it asks for once in each Region, and no other',
  (_, given) => {
    const settings = settingsFor(given.selected);
    const wanted = rules.filter(({ command }) => given.commands.has(command));
    const sortedNames = (some: readonly Rule[]) =>
      some.map(({ command }) => configRuleName(command)).toSorted();
    expect(namesIn(settings, 'eu-west-1').toSorted()).toEqual(sortedNames(wanted));
    expect(namesIn(settings, 'us-east-1').toSorted()).toEqual(
      sortedNames(wanted.filter(({ deploy }) => deploy === 'every-region')),
    );
    expect(enabledRules(rules, settings)).toEqual(wanted);
  },
);

test('roles, recorder and forwarding follow from the selected rules', () => {
  const selected = aRule('IAM_SELECTED', {
    resourceType: 'AWS::IAM::User',
    controls: { 'cis-7.0': ['2.8'] },
    permissions: { list: ['iam:ListUsers'], get: [], fix: [], undo: [] },
  });
  const other = aRule('S3_OTHER', {
    permissions: { list: ['s3:GetBucketWebsite'], get: [], fix: [], undo: [] },
  });
  const of = (level: number, some: readonly Rule[]) =>
    terraformModules(someSettings({ frameworks: [{ id: 'cis-7.0', level }] }), some);
  const both = of(1, [selected, other]);
  expect(both).toEqual(of(1, [selected]));
  expect(both['member-global/main.tf.json']).toContain('iam:ListUsers');
  expect(both['member-global/main.tf.json']).not.toContain('s3:GetBucketWebsite');
  expect(both['member-regional/main.tf.json']).not.toContain('AWS::S3::Bucket');
});

/** Every rule concerns one of the accounts, those for the management account too. */
const settingsFor = (selected: object): Settings =>
  someSettings({ frameworks: [selected] }, { managementAccountId: '111122223333' });
