import { counted } from '@compliance/core/printable';

import { byUrgency, isViolation, type Finding } from '../finding.ts';
import type { Report } from '../report.ts';
import { html, type Html } from './html.ts';
import { anchorOf, controlsOf, ruleName, section, severityChip } from './parts.ts';

/** More columns than this are not readable: then accounts are grouped by unit. */
const ACCOUNTS = 30;

interface Column {
  readonly name: string;
  readonly title: string;
  readonly accountIds: ReadonlySet<string>;
}

/** Rules by account, or by unit: each cell counts violations and evaluated resources. */
export const gridSection = (report: Report): Html => {
  if (report.findings.length === 0) return html``;
  const columns = columnsOf(report);
  const isByUnit = columns.some(({ accountIds }) => accountIds.size > 1);
  const rules = Map.groupBy(report.findings.toSorted(byUrgency), ({ command }) => command);
  return section(
    isByUnit ? 'Rules by unit' : 'Rules by account',
    html`<div class="card scroll">
      <table class="grid">
        <thead>
          <tr>
            <th scope="col">Rule</th>
            ${columns.map(({ name, title }) => html`<th scope="col" title="${title}">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${[...rules].map(([command, findings]) => row(report, columns, command, findings))}
        </tbody>
      </table>
    </div>`,
  );
};

const columnsOf = ({ findings, accountNames, accountUnits }: Report): readonly Column[] => {
  const accounts = [...new Set(findings.map(({ accountId }) => accountId))].toSorted();
  if (accounts.length <= ACCOUNTS)
    return accounts.map((id) => ({ name: accountNames[id] ?? id, title: id, accountIds: new Set([id]) }));
  const units = Map.groupBy(accounts, (id) => accountUnits[id] ?? '(no unit)');
  return [...units]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, ids]) => ({ name, title: counted(ids.length, 'account'), accountIds: new Set(ids) }));
};

const row = (
  report: Report,
  columns: readonly Column[],
  command: string,
  findings: readonly Finding[],
): Html => {
  const name = ruleName(report, command);
  const controls = controlsOf(report, command);
  return html`
    <tr>
      <th scope="row">
        ${severityChip(findings[0]?.severity)}
        ${findings.some(isViolation) ? html`<a href="#${anchorOf(command)}">${name}</a>` : name}
        ${controls.length > 0 && html`<br /><span class="muted small">${controls.join(' · ')}</span>`}
      </th>
      ${columns.map(({ accountIds }) => cell(findings.filter(({ accountId }) => accountIds.has(accountId))))}
    </tr>
  `;
};

const cell = (findings: readonly Finding[]): Html => {
  const evaluated = findings.filter(({ complianceType }) => complianceType !== 'NOT_APPLICABLE');
  const violating = evaluated.filter(isViolation).length;
  if (evaluated.length === 0) return html`<td class="muted" title="Not applicable">–</td>`;
  return violating === 0
    ? html`<td class="good" title="All ${evaluated.length} compliant">✓ ${evaluated.length}</td>`
    : html`<td class="bad" title="${violating} of ${evaluated.length} non-compliant">
        ✗ ${violating}/${evaluated.length}
      </td>`;
};
