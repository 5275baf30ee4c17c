import type { Verdict } from '../events/mark.ts';
import type { Named } from '../events/named.ts';

/** What the state knows of a resource under a rule. Times are milliseconds since 1970. */
export interface Row extends Named {
  /** `gone` rows are kept for some days, so that a verdict that comes late does not bring them back. */
  readonly verdict: Verdict | 'none';
  /** When it became known that it has this verdict. */
  readonly since: number;
  /** The time and the ordering time of the newest verdict: when it was published, and what it is about. */
  readonly judgedAt: number;
  readonly orderingTime: number;
  readonly annotation?: string;
  readonly exemption?: string;
  /** The pattern of AWS's or the landing zone's resources that it matches. */
  readonly excluded?: string;
  /** Why it could not be judged since. It is unknown until it is judged again. */
  readonly failed?: Failed;
  /** Its last verdicts: `v` and the time. Empty as long as it has had one alone. */
  readonly history?: readonly string[];
}

interface Failed {
  readonly since: number;
  readonly at: number;
  readonly message: string;
}

/** The states in the order of `STATES`, as the first letter of a row's line. */
export const LETTERS = { compliant: 'c', violating: 'v', exempt: 'x', excluded: 'e', unknown: 'u' } as const;
export type StateLetter = (typeof LETTERS)[keyof typeof LETTERS];

const VERDICT_LETTERS = {
  compliant: 'c',
  violating: 'v',
  exempt: 'x',
  excluded: 'e',
  gone: 'g',
  none: 'n',
} as const satisfies Record<Row['verdict'], string>;

export const verdictLetter = (verdict: Row['verdict']): (typeof VERDICT_LETTERS)[Row['verdict']] =>
  VERDICT_LETTERS[verdict];

/** The letter of the state that is shown; `g` and `n` are shown nowhere. */
export const stateLetter = ({ verdict, failed }: Row): StateLetter | 'g' | 'n' =>
  failed ? 'u' : VERDICT_LETTERS[verdict];

/** `cbucket-a\tlxk3a9f2,0,3k\t{"owner":"team-a"}`: the id is a field, times are short, most rows have nothing else. */
export const rowLine = (id: string, row: Row): string => {
  const { verdict, since, judgedAt, orderingTime, ...rest } = row;
  const times = [since, judgedAt - since, judgedAt - orderingTime].map((time) => time.toString(36)).join(',');
  const state = stateLetter(row);
  const details = row.failed ? { verdict, ...rest } : rest;
  const json = JSON.stringify(details);
  return json === '{}' ? `${state}${id}\t${times}` : `${state}${id}\t${times}\t${json}`;
};

/** The id of a row's line, as a field. */
export const rowId = (line: string): string => line.slice(1, line.indexOf('\t'));

const VERDICTS: Readonly<Record<string, Row['verdict']>> = {
  c: 'compliant',
  v: 'violating',
  x: 'exempt',
  e: 'excluded',
  g: 'gone',
};

/** Reads the line of a row, whose file has the digest that was written. */
export const parseRow = (line: string): Row => {
  const [, times = '', json] = line.split('\t');
  const [since = 0, judged = 0, ordered = 0] = times.split(',').map((time) => Number.parseInt(time, 36));
  const judgedAt = since + judged;
  return {
    verdict: VERDICTS[line.charAt(0)] ?? 'none',
    since,
    judgedAt,
    orderingTime: judgedAt - ordered,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `rowLine` wrote it.
    ...(json !== undefined && (JSON.parse(json) as Partial<Row>)),
  };
};
