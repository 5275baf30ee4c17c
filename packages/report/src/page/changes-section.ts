import type { AppliedChange } from '@compliance/ledger';

import type { Report } from '../report.ts';
import { html, type Html } from './html.ts';
import { accountOf, pretty, section } from './parts.ts';

/** Changes made, newest first: facts before and after, steps and undo. */
export const changesSection = (report: Report): Html =>
  report.changes.length === 0
    ? html``
    : section(
        'Changes made',
        report.changes.toReversed().map((change) => changeDetails(report, change)),
      );

const changeDetails = (report: Report, change: AppliedChange): Html => {
  const { outcome, reason, command, resource, accountId, region, time, undone } = change;
  const good = outcome === 'fixed' || outcome === 'applied';
  return html`<details class="card">
    <summary>
      <span class="chip ${good ? 'good' : 'bad'}">${outcome}</span>
      ${undone && html`<span class="chip ${undone.outcome === 'undone' ? 'low' : 'bad'}">undo: ${undone.outcome}</span>`}
      <strong>${reason}</strong>
      <span class="end muted small">
        ${accountId !== undefined && accountOf(report, accountId)} · ${region} ·
        ${time.slice(0, 16).replace('T', ' ')} UTC
      </span>
    </summary>
    <div class="inside">
      <p class="muted small">
        <code>${command}</code> · ${resource?.resourceType} <code>${resource?.resourceId}</code>
      </p>
      <div class="facts">
        <div><span class="muted small">Before</span>${pretty(change.factsBefore)}</div>
        <div><span class="muted small">After</span>${pretty(change.factsAfter)}</div>
      </div>
      ${change.steps && stepList(change.steps)} ${undone && undoNote(undone)}
      <p class="muted small mono">${change.changeId}</p>
    </div>
  </details>`;
};

const stepList = (steps: NonNullable<AppliedChange['steps']>): Html =>
  html`<ol class="steps">
    ${steps.map(({ intent, outcome }) => html`<li>${pretty(intent)}<span class="muted small">Outcome</span>${pretty(outcome)}</li>`)}
  </ol>`;

const undoNote = ({ by, time, reason, factsAfter }: NonNullable<AppliedChange['undone']>): Html => html`
  <p class="small">
    Undo requested by <code>${by}</code>, ${time.slice(0, 16).replace('T', ' ')} UTC: ${reason}
  </p>
  ${factsAfter !== undefined && pretty(factsAfter)}
`;
