import { NONE, OUTCOMES, type Outcome, type Overview, type RuleRow } from '@compliance/dashboard-data';

import { accountRow, textAt, type AccountRow } from './rows.ts';

/** A fix that was applied, or that was not. */
export interface FixRow {
  readonly time: number;
  readonly rule: RuleRow;
  readonly account: AccountRow;
  readonly resource: string;
  readonly region: string;
  readonly outcome: Outcome;
  readonly text: string;
  readonly actor: string;
  readonly owner: string;
  readonly change: string;
}

export const OUTCOME_TITLES: Readonly<Record<Outcome, string>> = {
  fixed: 'fixed and verified',
  applied: 'applied, takes effect later',
  failed: 'failed',
  undone: 'undone',
  'undo-failed': 'undo failed',
  limited: 'held back by a limit',
};

export const fixRows = (overview: Overview): readonly FixRow[] => {
  const { texts, rules, remediation } = overview;
  const { recent } = remediation;
  return recent.time.flatMap((time, row) => {
    const rule = rules[recent.rule[row] ?? NONE];
    const outcome = OUTCOMES[recent.outcome[row] ?? NONE];
    if (!rule || !outcome) return [];
    return {
      time,
      rule,
      outcome,
      account: accountRow(overview, recent.account[row] ?? NONE),
      resource: recent.resource[row] ?? '',
      region: textAt(texts, recent.region[row]),
      text: textAt(texts, recent.text[row]),
      actor: textAt(texts, recent.actor[row]),
      owner: textAt(texts, recent.owner[row]),
      change: textAt(texts, recent.change[row]),
    };
  });
};
