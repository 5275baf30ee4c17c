import type { Rule } from '@compliance/core';
import { coverage, frameworks, type CoveredRequirement, type Framework } from '@compliance/frameworks';

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
  ]);

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
  rules.map((command) => `[${command}](../${fileOf(command)})`).join(', '),
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
