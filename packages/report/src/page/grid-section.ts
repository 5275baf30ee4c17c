import { byUrgency, isViolation, type Finding } from '../finding.ts';
import type { Report } from '../report.ts';
import { html, type Html } from './html.ts';
import { anchorOf, section, severityChip } from './parts.ts';

/** Rules by account: each cell counts violations and evaluated resources. */
export const gridSection = (report: Report): Html => {
  if (report.findings.length === 0) return html``;
  const accounts = [...new Set(report.findings.map(({ accountId }) => accountId))].toSorted();
  const rules = Map.groupBy(report.findings.toSorted(byUrgency), ({ command }) => command);
  return section(
    'Rules by account',
    html`<div class="card scroll">
      <table class="grid">
        <thead>
          <tr>
            <th scope="col">Rule</th>
            ${accounts.map((id) => html`<th scope="col" title="${id}">${report.accountNames[id] ?? id}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${[...rules].map(([command, findings]) => row(report, accounts, command, findings))}
        </tbody>
      </table>
    </div>`,
  );
};

const row = (
  { rules }: Report,
  accounts: readonly string[],
  command: string,
  findings: readonly Finding[],
): Html => html`
  <tr>
    <th scope="row">
      ${severityChip(findings[0]?.severity)}
      ${findings.some(isViolation) ? html`<a href="#${anchorOf(command)}">${nameOf(command, rules)}</a>` : nameOf(command, rules)}
    </th>
    ${accounts.map((accountId) => cell(findings.filter((finding) => finding.accountId === accountId)))}
  </tr>
`;

const nameOf = (command: string, rules: Report['rules']) => rules[command]?.title ?? command;

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
