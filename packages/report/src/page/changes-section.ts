import { actorOf } from '@compliance/core';
import { counted } from '@compliance/core/printable';
import { describeStep, factsInWords, type AppliedChange } from '@compliance/ledger';

import type { Report } from '../report.ts';
import { html, type Html } from './html.ts';
import { ROWS, moreRows } from './limit.ts';
import { accountOf, minute, mono, ruleName, section, table } from './parts.ts';

/** Changes made, by day and rule, the newest day first: in words, so that print has all of it. */
export const changesSection = (report: Report): Html => {
  if (report.changes.length === 0) return html``;
  const byRule = Map.groupBy(report.changes.toReversed(), ({ command = '' }) => command);
  const shown = [...byRule.values()].flatMap((changes) => changes.slice(0, ROWS));
  const byDay = [...Map.groupBy(shown, ({ time }) => time.slice(0, 10))].toSorted(([a], [b]) =>
    a > b ? -1 : 1,
  );
  return section('Changes made', [
    ...byDay.map(([day, changes]) => dayOf(report, day, changes)),
    ...[...byRule].map(([command, changes]) =>
      moreRows(changes.length, `older change by ${command}`, `compliance changes list --rule ${command}`),
    ),
  ]);
};

const dayOf = (report: Report, day: string, changes: readonly AppliedChange[]): Html => html`
  <h3>${day}</h3>
  ${[...Map.groupBy(changes, ({ command = '' }) => command)].map(
    ([command, ofRule]) =>
      html`<div class="card inside-table">
        <h4>
          ${ruleName(report, command)} <span class="muted small">${counted(ofRule.length, 'change')}</span>
        </h4>
        <div class="scroll">
          ${table(
            ['Time', 'Account and resource', 'Change', 'By'],
            ofRule.map((change) => changeCells(report, change)),
          )}
        </div>
      </div>`,
  )}
`;

const changeCells = (report: Report, change: AppliedChange): readonly Html[] => {
  const { outcome, reason, resource, accountId, region, time, changeId, owner, steps = [], undone } = change;
  const good = outcome === 'fixed' || outcome === 'applied';
  return [
    html`${time.slice(11, 19)}<br /><span class="chip ${good ? 'good' : 'bad'}">${outcome}</span>${
        undone &&
        html`<br /><span class="chip ${undone.outcome === 'undone' ? 'low' : 'bad'}"
            >undo: ${undone.outcome}</span
          >`
      }`,
    html`${accountId !== undefined && accountOf(report, accountId)} ${region}<br />${mono(
        resource?.resourceName ?? resource?.resourceId ?? '',
      )} <span class="muted small">${resource?.resourceType}</span>`,
    html`${reason} ${facts(change)} ${steps.map((step) => html`<p class="mono">${describeStep(step)}</p>`)}
      ${undone && undoNote(undone)}
      <p class="muted small mono">${changeId}</p>`,
    html`${peopleOf(change)} ${owner !== undefined && html`<p class="muted small">Owner: ${owner}</p>`}`,
  ];
};

const facts = (change: Pick<AppliedChange, 'factsBefore' | 'factsAfter'>): Html => {
  const words = factsInWords(change);
  return words === '' ? html`` : html`<p class="facts">${words}</p>`;
};

/** Who approved the change and why, and who applied it; or that the settings let it happen by itself. */
const peopleOf = (change: AppliedChange): Html => {
  const { approval } = change;
  const actor = actorOf(change);
  if (!approval) return actor === undefined ? html`automatic` : html`Applied by <code>${actor}</code>`;
  const approver = actorOf(approval);
  return html`Approved by <code>${approver}</code>,
    ${minute(Date.parse(approval.time))}${approval.reason !== undefined && html`: ${approval.reason}`}
    ${actor !== undefined && actor !== approver && html`<p>Applied by <code>${actor}</code></p>`}`;
};

const undoNote = (undone: NonNullable<AppliedChange['undone']>): Html => html`
  <p>
    Undo requested by <code>${actorOf(undone)}</code>, ${minute(Date.parse(undone.time))}: ${undone.reason}
    ${factsInWords(undone)}
  </p>
`;
