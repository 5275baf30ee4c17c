import type { Rule } from '@compliance/core';
import {
  coverage,
  frameworks,
  mappedCoverage,
  mappedFrameworks,
  type CoveredRequirement,
  type Framework,
  type MappedFramework,
} from '@compliance/frameworks';

import { GENERATED, page, prose, table } from './markdown.ts';

/** The rules by service, and the frameworks with what the rules cover of each. */
export const indexPage = (rules: readonly Rule[]): string =>
  page([
    GENERATED,
    '# Rules',
    `${rules.length} rules. [How far each is proven](proof.md).`,
    ...[...Map.groupBy(rules, serviceOf)]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([service, ofService]) => [
        `## ${service}`,
        table(
          ['rule', 'severity', 'fix', 'what is compliant'],
          ofService.map((rule) => [linkTo(rule), rule.severity, fixOf(rule), prose(rule.title)]),
        ),
      ]),
    '## Frameworks',
    table(
      ['framework', 'requirements', 'with a rule', 'with a fix'],
      frameworks.map((framework) => {
        const all = requirementsOf(framework, rules);
        return [
          `[${framework.title}](frameworks/${framework.id}.md)`,
          String(all.length),
          String(all.filter((requirement) => requirement.rules.length > 0).length),
          String(all.filter(({ fix }) => fix !== false).length),
        ];
      }),
    ),
    'By the checks that [Prowler](https://github.com/prowler-cloud/prowler) maps to their requirements:',
    table(
      ['framework', 'requirements', 'with a check by a rule'],
      mappedFrameworks.map((framework) => {
        const all = mappedCoverage(framework, rules);
        const touched = all.filter(({ checked }) => checked > 0);
        return [
          `[${framework.title}](frameworks/${framework.id}.md)`,
          String(all.length),
          String(touched.length),
        ];
      }),
    ),
  ]);

/** The requirements of a mapped framework of which a rule makes a check. */
export const mappedFrameworkPage = (framework: MappedFramework, rules: readonly Rule[]): string => {
  const requirements = mappedCoverage(framework, rules);
  const touched = requirements.filter(({ checked }) => checked > 0);
  return page([
    GENERATED,
    `# ${framework.title}`,
    `Rules make a check of ${touched.length} of ${requirements.length} requirements. A check is one that [Prowler](https://github.com/prowler-cloud/prowler) maps to the requirement; it does not say that the requirement is met.`,
    table(
      ['id', 'checks', 'rules'],
      touched.map((requirement) => [
        requirement.id,
        `${requirement.checked} of ${requirement.checks}`,
        linksTo(requirement.rules),
      ]),
    ),
  ]);
};

const linksTo = (commands: readonly string[]): string =>
  commands.map((command) => `[${command}](../${fileOf(command)})`).join(', ');

/** Each requirement of a framework with its rules, and what remains for a person. */
export const frameworkPage = (framework: Framework, rules: readonly Rule[]): string =>
  page([
    GENERATED,
    `# ${framework.title}`,
    'The titles are our own words. Detection: _full_, nothing remains for a person; _partial_, the last column says what does; _human_, only a person can judge it.',
    ...coverage(framework, rules).flatMap(({ title, requirements }) => [
      `## ${title}`,
      table(
        ['id', 'level', 'assessment', 'requirement', 'rules', 'detection', 'fix', 'a person'],
        requirements.map(requirementRow),
      ),
    ]),
  ]);

const requirementRow = ({
  id,
  level,
  assessment,
  title,
  rules,
  detection,
  fix,
  human,
}: CoveredRequirement) => [
  id,
  String(level ?? '-'),
  assessment,
  prose(title),
  linksTo(rules),
  detection,
  fix === true ? 'yes' : fix === false ? 'no' : fix,
  prose(human ?? ''),
];

const requirementsOf = (framework: Framework, rules: readonly Rule[]): readonly CoveredRequirement[] =>
  coverage(framework, rules).flatMap(({ requirements }) => requirements);

const fixOf = (rule: Rule): string =>
  rule.fix === undefined ? 'a person' : rule.impact === undefined ? 'safe' : 'may disrupt';

const serviceOf = ({ command }: Rule): string => command.split('_')[0] ?? command;

const linkTo = ({ command }: Rule): string => `[${command}](${fileOf(command)})`;

const fileOf = (command: string): string => `${command.toLowerCase().replaceAll('_', '-')}.md`;
