import { counted } from '@compliance/core/printable';

import { byUrgency, isExcluded, isViolation, resourceLabel, type Finding } from '../finding.ts';
import type { Report } from '../report.ts';
import { html, type Html } from './html.ts';
import { ROWS, moreRows } from './limit.ts';
import { accountOf, anchorOf, controlsOf, mono, section, severityChip, table } from './parts.ts';

/** A rule with at most this many findings is shown expanded. */
const OPEN_UP_TO = 10;

export const findingsSection = (report: Report): Html => {
  const violations = report.findings.filter(isViolation).toSorted(byUrgency);
  if (violations.length === 0)
    return section('Violations', html`<div class="card empty good">✓ No violations.</div>`);
  const groups = Map.groupBy(violations, ({ command }) => command);
  return section(
    'Violations',
    [...groups].map(([command, findings]) => ruleFindings(report, command, findings)),
  );
};

const ruleFindings = (report: Report, command: string, findings: readonly Finding[]): Html => {
  const rule = report.rules[command];
  const controls = controlsOf(report, command);
  return html`<details class="card" id="${anchorOf(command)}" ${findings.length <= OPEN_UP_TO && html`open`}>
    <summary>
      ${severityChip(findings[0]?.severity)} <strong>${rule?.title ?? command}</strong>
      ${rule && html`<code class="muted">${command}</code>`}
      <span class="end muted">${counted(findings.length, 'violation')}</span>
    </summary>
    <div class="inside">
      ${rule && html`<p class="muted">${rule.rationale}</p>`}
      ${controls.length > 0 && html`<p class="muted small">${controls.join(' · ')}</p>`}
      <div class="scroll">
        ${table(
          ['Account', 'Region', 'Resource', 'Reason', 'Owner'],
          findings.slice(0, ROWS).map((finding) => findingCells(report, finding)),
        )}
      </div>
      ${moreRows(findings.length, 'violation', `compliance scan --rule ${command} --format csv`)}
    </div>
  </details>`;
};

const findingCells = (report: Report, finding: Finding): readonly Html[] => {
  const { accountId, region, resourceType, annotation, owner, approver } = finding;
  return [
    accountOf(report, accountId),
    mono(region),
    html`${mono(resourceLabel(finding))}<br /><span class="muted small">${resourceType}</span>`,
    html`${annotation}
    ${isExcluded(finding) && html`<br /><span class="chip muted">AWS or landing zone</span>`}
    ${approver !== undefined && html`<p class="muted small">Fix approved by <code>${approver}</code></p>`}`,
    html`${owner}`,
  ];
};
