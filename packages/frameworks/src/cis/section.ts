import type { Requirement, Section } from '../framework.ts';

/** A requirement in one line. */
type Row = readonly [
  id: Requirement['id'],
  level: Requirement['level'],
  assessment: Requirement['assessment'],
  title: Requirement['title'],
  human?: string,
];

/** Creates a section from the lines of its requirements. */
export const section = (title: string, rows: readonly Row[]): Section => ({
  title,
  requirements: rows.map(([id, level, assessment, requirement, human]) => ({
    id,
    title: requirement,
    level,
    assessment,
    ...(human !== undefined && { human }),
  })),
});
