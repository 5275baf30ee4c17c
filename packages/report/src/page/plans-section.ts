import { describeDelta, type Plan, type PlannedStep } from '@compliance/core';

import type { Report } from '../report.ts';
import { html, type Html } from './html.ts';
import { ROWS, moreRows } from './limit.ts';
import { accountOf, pretty, section } from './parts.ts';

const RISKS = { safe: 'good', disruptive: 'medium', irreversible: 'critical' } as const;

/** Planned fixes: the exact calls and edits, and how each is undone. */
export const plansSection = (report: Report): Html =>
  report.plans.length === 0
    ? html``
    : section(
        'Planned fixes',
        [...Map.groupBy(report.plans, ({ command }) => command)].flatMap(([command, plans]) => [
          ...plans.slice(0, ROWS).map((plan) => planDetails(report, plan)),
          moreRows(plans.length, `plan of ${command}`, `compliance plans list --rule ${command}`),
        ]),
      );

const planDetails = (report: Report, plan: Plan): Html => html`
  <details class="card">
    <summary>
      <span class="chip ${RISKS[plan.risk]}">${plan.risk}</span> <strong>${plan.description}</strong>
      <span class="end muted small">${accountOf(report, plan.accountId)} · ${plan.region}</span>
    </summary>
    <div class="inside">
      <p class="muted">${plan.annotation}</p>
      <ol class="steps">
        ${plan.steps.map((step) => html`<li>${stepOf(step)}</li>`)}
      </ol>
      ${
        plan.undoLeaves !== undefined &&
        html`<p class="small">State after an undo:</p>
          ${pretty(plan.undoLeaves)}`
      }
      <p class="muted small mono">${plan.id}</p>
    </div>
  </details>
`;

const stepOf = (step: PlannedStep): Html => {
  switch (step.type) {
    case 'call':
      return html`<code>${step.operation}</code> ${step.region} ${pretty(step.input)} ${undoOf(step.undo)}`;
    case 'edit':
      return html`Edit <code>${step.document}</code> ${step.key} ${step.region}
        <pre>${step.difference.map((delta) => `${describeDelta(delta)}\n`)}</pre>
        <p class="muted small">Undo: reverts only these fields; later changes elsewhere are kept.</p>`;
    default:
      throw new Error(`Unknown step ${JSON.stringify(step satisfies never)}`);
  }
};

const undoOf = (undo: Extract<PlannedStep, { type: 'call' }>['undo']): Html => {
  if ('impossible' in undo) return html`<p class="bad small">Cannot be undone: ${undo.impossible}</p>`;
  if ('afterAnswer' in undo)
    return html`<p class="muted small">
      Undo: known after the call, because it needs the id of the created resource.
    </p>`;
  return html`<details class="small">
    <summary>Undo: <code>${undo.operation}</code></summary>
    ${pretty(undo.input)}
  </details>`;
};
