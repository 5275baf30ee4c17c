import { STATES, type Findings } from '@compliance/dashboard-data';

import { fromKeptField } from '../base/field.ts';
import { LETTERS, parseRow, rowId, stateLetter, type Row } from '../snapshot/row.ts';
import { toSeconds, type Texts } from './texts.ts';

/** A resource that is not compliant under a rule. */
export interface Finding {
  /** Indexes in the catalogue. */
  readonly account: number;
  readonly rule: number;
  readonly region: string;
  readonly type: string;
  readonly resource: string;
  readonly row: Row;
  /** When it entered its state. */
  readonly since: number;
}

/** The finding of a row's line, unless its resource is compliant or gone. */
export const findingOf = (
  line: string,
  place: Pick<Finding, 'account' | 'rule' | 'region' | 'type'>,
): Finding | undefined => {
  if (line.startsWith('c') || line.startsWith('g')) return undefined;
  const row = parseRow(line);
  return { ...place, resource: fromKeptField(rowId(line)), row, since: row.failed?.since ?? row.since };
};

/** The names of the states by the letter of a row. */
export const STATE_NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  STATES.map((state) => [LETTERS[state], state]),
);

const STATE_OF: Readonly<Record<string, number>> = Object.fromEntries(
  STATES.map((state, index) => [LETTERS[state], index]),
);

/** Collects findings by column. */
export const createFindings = (texts: Texts) => {
  const columns = {
    rule: [] as number[],
    resource: [] as string[],
    name: [] as number[],
    type: [] as number[],
    region: [] as number[],
    state: [] as number[],
    since: [] as number[],
    annotation: [] as number[],
    owner: [] as number[],
    exemption: [] as number[],
  } satisfies Findings;
  return {
    add: ({ rule, region, type, resource, row, since }: Finding): void => {
      columns.rule.push(rule);
      columns.resource.push(resource);
      columns.name.push(texts.optional(row.name));
      columns.type.push(texts.indexOf(type));
      columns.region.push(texts.indexOf(region));
      columns.state.push(STATE_OF[stateLetter(row)] ?? 0);
      columns.since.push(toSeconds(since));
      columns.annotation.push(texts.optional(annotationOf(row)));
      columns.owner.push(texts.optional(row.owner));
      columns.exemption.push(texts.optional(row.exemption));
    },
    columns,
  };
};

/** What was found, or why it could not be judged. */
export const annotationOf = ({ failed, annotation }: Row): string | undefined =>
  failed?.message ?? annotation;
