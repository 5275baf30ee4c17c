import {
  NO_RULE_YET,
  type CoveredRequirement,
  type Framework,
  type RequirementState,
} from '@compliance/frameworks';

import { aligned, lines } from './aligned.ts';

interface Summary {
  readonly requirements: number;
  readonly withRule: number;
  /** All of its rules have a fix, or some. */
  readonly withFix: number;
}

/** Counts requirements, and those that have a rule and a fix. */
export const summaryOf = (requirements: readonly CoveredRequirement[]): Summary => ({
  requirements: requirements.length,
  withRule: requirements.filter(({ rules }) => rules.length > 0).length,
  withFix: requirements.filter(({ fix }) => fix !== false).length,
});

/** Formats a line for each framework. */
export const frameworksTable = (rows: readonly (Summary & Pick<Framework, 'id' | 'title'>)[]): string => {
  const head = ['Id', 'Title', 'Requirements', 'With a rule', 'With a fix'];
  const cells = rows.map(({ id, title, requirements, withRule, withFix }) => [
    id,
    title,
    requirements,
    withRule,
    withFix,
  ]);
  return lines(aligned([head, ...cells]));
};

/** A requirement and, if there is a scan, its state. */
export interface ShownRequirement extends CoveredRequirement {
  readonly state?: RequirementState;
}

interface ShownSection {
  readonly title: string;
  readonly requirements: readonly ShownRequirement[];
}

/** Formats a framework for a terminal: counts, then a table for each section. */
export const frameworkText = (
  { id, title }: Pick<Framework, 'id' | 'title'>,
  sections: readonly ShownSection[],
  /** Ids that a filter by level leaves out, because their level is unknown. */
  omitted: readonly string[] = [],
): string => {
  const all = sections.flatMap(({ requirements }) => requirements);
  const hasStates = all.some(({ state }) => state !== undefined);
  const [head = '', ...rows] = aligned([
    hasStates ? ['State', ...HEAD] : HEAD,
    ...all.map((requirement) => [...(hasStates ? [requirement.state ?? ''] : []), ...cellsOf(requirement)]),
  ]);
  const rowOf = new Map(all.map((requirement, index) => [requirement, rows[index] ?? '']));
  const indent = ' '.repeat(head.indexOf('Level'));
  return lines([
    `${id}  ${title}`,
    countsOf(all),
    ...(hasStates ? [statesOf(all)] : []),
    ...(omitted.length > 0
      ? [`Not shown, because sources disagree on their level: ${omitted.join(', ')}`]
      : []),
    ...sections.flatMap(({ title: section, requirements }) => [
      '',
      `${numberOf(requirements)} ${section}`,
      `  ${head}`,
      ...requirements.flatMap((requirement) => [
        `  ${rowOf.get(requirement) ?? ''}`,
        ...detailsOf(requirement).map((detail) => `  ${indent}${detail}`),
      ]),
    ]),
  ]);
};

/** `3 non-compliant, 1 unknown, …` */
const statesOf = (requirements: readonly ShownRequirement[]): string =>
  [...Map.groupBy(requirements, ({ state }) => state)]
    .map(([state, { length }]) => `${length} ${state}`)
    .join(', ');

const HEAD = ['Id', 'Level', 'Assessment', 'Detection', 'Fix', 'Requirement'];

const cellsOf = (requirement: CoveredRequirement): string[] => [
  requirement.id,
  String(requirement.level ?? '-'),
  requirement.assessment,
  isUncovered(requirement) ? 'no rule yet' : requirement.detection,
  FIX[`${requirement.fix}`],
  requirement.title,
];

const FIX = { true: 'yes', partial: 'partial', false: '-' } as const;

/** The rules of a requirement, and what remains for a person. */
const detailsOf = (requirement: CoveredRequirement): string[] => [
  ...(requirement.rules.length > 0 ? [requirement.rules.join(', ')] : []),
  ...(requirement.human === undefined || isUncovered(requirement) ? [] : [`A person: ${requirement.human}`]),
];

const isUncovered = ({ human }: CoveredRequirement) => human === NO_RULE_YET;

const numberOf = ([first]: readonly CoveredRequirement[]) => first?.id.split('.')[0] ?? '';

const countsOf = (requirements: readonly CoveredRequirement[]): string => {
  const { withRule, withFix } = summaryOf(requirements);
  const count = (is: (requirement: CoveredRequirement) => boolean) => requirements.filter(is).length;
  const thereof = (partial: number) => (partial > 0 ? ` (${partial} partial)` : '');
  const uncovered = count(isUncovered);
  return [
    `${requirements.length} requirements`,
    `${withRule} with a rule${thereof(count(({ detection }) => detection === 'partial'))}`,
    `${withFix} with a fix${thereof(count(({ fix }) => fix === 'partial'))}`,
    `${requirements.length - withRule - uncovered} for a person only`,
    `${uncovered} without a rule yet`,
  ].join(', ');
};
