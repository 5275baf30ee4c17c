import {
  NONE,
  STATES,
  type Account,
  type Overview,
  type RuleRow,
  type State,
} from '@compliance/dashboard-data';

/** An account as a list shows it. */
export interface AccountRow {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  readonly owner: string;
  /** Seconds since 1970, or 0. */
  readonly swept: number;
}

/** A finding with everything that tables, filters and exports need. Missing texts are empty. */
export interface FindingRow {
  readonly rule: RuleRow;
  readonly account: AccountRow;
  readonly resource: string;
  readonly name: string;
  readonly type: string;
  readonly region: string;
  readonly state: State;
  readonly since: number;
  readonly annotation: string;
  readonly owner: string;
  readonly exemption: string;
}

export const textAt = (texts: readonly string[], index: number | undefined): string =>
  index === undefined || index === NONE ? '' : (texts[index] ?? '');

export const accountRow = ({ accounts, units, texts }: Overview, index: number): AccountRow => ({
  index,
  id: accounts.id[index] ?? '',
  name: accounts.name[index] ?? '',
  unit: units[accounts.unit[index] ?? NONE] ?? '',
  owner: textAt(texts, accounts.owner[index]),
  swept: accounts.swept[index] ?? 0,
});

/** The findings of an account's file. */
export const findingRows = (
  overview: Overview,
  index: number,
  { findings, texts }: Account,
): readonly FindingRow[] => rowsOf(overview, findings, texts, () => accountRow(overview, index));

/** The oldest open violations of the overview. */
export const oldestRows = (overview: Overview): readonly FindingRow[] => {
  const { oldestOpen, texts } = overview;
  return rowsOf(overview, oldestOpen, texts, (row) => accountRow(overview, oldestOpen.account[row] ?? NONE));
};

const rowsOf = (
  { rules }: Overview,
  findings: Account['findings'],
  texts: readonly string[],
  accountOf: (row: number) => AccountRow,
): readonly FindingRow[] =>
  findings.rule.flatMap((ruleIndex, row) => {
    const rule = rules[ruleIndex];
    const state = STATES[findings.state[row] ?? NONE];
    if (rule === undefined || state === undefined) return [];
    return {
      rule,
      account: accountOf(row),
      resource: findings.resource[row] ?? '',
      name: textAt(texts, findings.name[row]),
      type: textAt(texts, findings.type[row]),
      region: textAt(texts, findings.region[row]),
      state,
      since: findings.since[row] ?? 0,
      annotation: textAt(texts, findings.annotation[row]),
      owner: textAt(texts, findings.owner[row]),
      exemption: textAt(texts, findings.exemption[row]),
    };
  });
