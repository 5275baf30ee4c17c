import { byUrgency, isExcluded, isViolation, type Finding } from '../finding.ts';
import type { Report } from '../report.ts';
import { html, type Html } from './html.ts';
import { accountOf, anchorOf, plural, section, severityChip } from './parts.ts';

/** A rule opens by itself when it has no more findings than this. */
const OPEN_UP_TO = 10;

export const findingsSection = (report: Report): Html => {
  const violations = report.findings.filter(isViolation).toSorted(byUrgency);
  if (violations.length === 0)
    return section('Violations', html`<div class="card empty good">✓ Nothing violates.</div>`);
  const groups = Map.groupBy(violations, ({ command }) => command);
  return section(
    'Violations',
    [...groups].map(([command, findings]) => ruleFindings(report, command, findings)),
  );
};

const ruleFindings = (report: Report, command: string, findings: readonly Finding[]): Html => {
  const rule = report.rules[command];
  const controls = Object.entries(rule?.controls ?? {}).flatMap(([framework, ids]) =>
    ids.map((id) => `${framework} ${id}`),
  );
  return html`<details class="card" id="${anchorOf(command)}" ${findings.length <= OPEN_UP_TO && html`open`}>
    <summary>
      ${severityChip(findings[0]?.severity)} <strong>${rule?.title ?? command}</strong>
      ${rule && html`<code class="muted">${command}</code>`}
      <span class="end muted">${plural(findings.length, 'violation')}</span>
    </summary>
    <div class="inside">
      ${rule && html`<p class="muted">${rule.rationale}</p>`}
      ${controls.length > 0 && html`<p class="muted small">${controls.join(' · ')}</p>`}
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Account</th>
              <th scope="col">Region</th>
              <th scope="col">Resource</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            ${findings.map((finding) => findingRow(report, finding))}
          </tbody>
        </table>
      </div>
    </div>
  </details>`;
};

const findingRow = (report: Report, finding: Finding) => {
  const { accountId, region, resourceType, resourceId, annotation } = finding;
  return html`<tr>
    <td>${accountOf(report, accountId)}</td>
    <td class="mono">${region}</td>
    <td><span class="mono">${resourceId}</span><br /><span class="muted small">${resourceType}</span></td>
    <td>
      ${annotation} ${isExcluded(finding) && html`<br /><span class="chip muted">AWS or landing zone</span>`}
    </td>
  </tr>`;
};
