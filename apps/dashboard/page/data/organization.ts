import {
  addCounts,
  NO_COUNTS,
  STATES,
  type Counts,
  type Overview,
  type RequirementRow,
  type State,
} from '@compliance/dashboard-data';

/** The overview with the sums that every view needs. */
export interface Organization {
  readonly overview: Overview;
  readonly total: Counts;
  /** By index of the rule. */
  readonly byRule: readonly Counts[];
  /** By index of the unit. */
  readonly byUnit: readonly Counts[];
  /** The path of a unit without the part that all units have in common. */
  readonly unitTitle: (unit: string) => string;
}

export const organizationOf = (overview: Overview): Organization => {
  const { rules, units, matrix } = overview;
  const byRule = rules.map(noCounts);
  const byUnit = units.map(noCounts);
  for (const state of STATES)
    for (const [index, count] of matrix[state].entries()) {
      const [rule, unit] = [byRule[index % rules.length], byUnit[Math.floor(index / rules.length)]];
      if (rule) rule[state] += count;
      if (unit) unit[state] += count;
    }
  return { overview, total: sumOf(byUnit), byRule, byUnit, unitTitle: unitTitles(units) };
};

const noCounts = (): Record<State, number> => ({ ...NO_COUNTS });

const unitTitles = (units: readonly string[]) => {
  const paths = units.map((unit) => unit.split('/'));
  const [first = []] = paths;
  const isCommon = (_: string, depth: number) =>
    paths.every((path) => path.length > depth + 1 && path[depth] === first[depth]);
  const own = first.findIndex((segment, depth) => !isCommon(segment, depth));
  return (unit: string): string => unit.split('/').slice(Math.max(0, own)).join('/');
};

export const sumOf = (rows: readonly Counts[]): Counts => rows.reduce(addCounts, NO_COUNTS);

/**
 * `violating`: a resource violates one of its rules. `unknown`: one of its rules judged nothing, or not everything.
 * `partial`: nothing was found, and a person judges the rest. `met`: nothing remains. `human`: no rule judges it.
 */
export type RequirementState = 'violating' | 'unknown' | 'partial' | 'met' | 'human';

export const requirementState = (
  { rules, detection }: Pick<RequirementRow, 'rules' | 'detection'>,
  byRule: readonly Counts[],
): RequirementState => {
  const counts = rules.map((rule) => byRule[rule] ?? NO_COUNTS);
  if (counts.length === 0) return 'human';
  if (counts.some(({ violating }) => violating > 0)) return 'violating';
  if (counts.some((each) => each.unknown > 0 || isEmpty(each))) return 'unknown';
  return detection === 'full' ? 'met' : 'partial';
};

const isEmpty = ({ compliant, exempt, excluded }: Counts) => compliant + exempt + excluded === 0;
