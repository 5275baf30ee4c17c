import type { Overview } from '@compliance/dashboard-data';

import { textAt } from './rows.ts';

/** An accepted violation, until a date. */
export interface ExemptionRow {
  readonly id: string;
  /** Commands; empty: every rule. */
  readonly rules: readonly string[];
  readonly scope: string;
  readonly count: number;
  readonly reason: string;
  readonly owner: string;
  readonly approver: string;
  readonly ticket: string;
  readonly expires: number;
  readonly status: 'ended' | 'ending within 30 days' | 'in force';
}

const DAY = 86_400;

export const exemptionRows = ({ exemptions, rules, texts, asOf }: Overview): readonly ExemptionRow[] =>
  exemptions.id.map((id, row) => {
    const expires = exemptions.expires[row] ?? 0;
    return {
      id,
      rules: (exemptions.rules[row] ?? []).flatMap((rule) => rules[rule]?.command ?? []),
      scope: textAt(texts, exemptions.scope[row]),
      count: exemptions.count[row] ?? 0,
      reason: exemptions.reason[row] ?? '',
      owner: textAt(texts, exemptions.owner[row]),
      approver: textAt(texts, exemptions.approver[row]),
      ticket: textAt(texts, exemptions.ticket[row]),
      expires,
      status: expires <= asOf ? 'ended' : expires <= asOf + 30 * DAY ? 'ending within 30 days' : 'in force',
    };
  });
