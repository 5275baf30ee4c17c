import type { MappedCoverage, MappedFramework, RequirementState } from '@compliance/frameworks';

import { aligned, lines } from '../../output/aligned.ts';

/** A requirement and, if there is a scan, its state. */
export interface ShownMapping extends MappedCoverage {
  readonly state?: RequirementState;
}

interface MappedSummary {
  readonly requirements: number;
  /** Those of which a rule makes a check. */
  readonly withCheck: number;
}

export const mappedSummaryOf = (requirements: readonly MappedCoverage[]): MappedSummary => ({
  requirements: requirements.length,
  withCheck: requirements.filter(({ checked }) => checked > 0).length,
});

/** Formats a line for each mapped framework. */
export const mappedFrameworksTable = (
  rows: readonly (MappedSummary & Pick<MappedFramework, 'id' | 'title'>)[],
): string =>
  lines(
    aligned([
      ['Mapped by checks', 'Title', 'Requirements', 'With a check by a rule'],
      ...rows.map(({ id, title, requirements, withCheck }) => [id, title, requirements, withCheck]),
    ]),
  );

/** Formats a mapped framework for a terminal: the requirements of which a rule makes a check. */
export const mappedFrameworkText = (
  { id, title }: Pick<MappedFramework, 'id' | 'title'>,
  requirements: readonly ShownMapping[],
): string => {
  const hasStates = requirements.some(({ state }) => state !== undefined);
  const withCheck = requirements.filter(({ checked }) => checked > 0);
  return lines([
    `${id}  ${title}`,
    `Rules make a check of ${withCheck.length} of ${requirements.length} requirements; the others are not listed.`,
    'A check is one that Prowler maps to the requirement. It does not say that the requirement is met.',
    '',
    ...aligned([
      [...(hasStates ? ['State'] : []), 'Id', 'Checks', 'Rules'],
      ...withCheck.map((requirement) => [
        ...(hasStates ? [requirement.state ?? ''] : []),
        requirement.id,
        `${requirement.checked} of ${requirement.checks}`,
        requirement.rules.join(', '),
      ]),
    ]),
  ]);
};
