import { isExempt, resourceLabel } from '../finding.ts';
import type { Report } from '../report.ts';
import { html, type Html } from './html.ts';
import { ROWS, moreRows } from './limit.ts';
import { accountOf, mono, ruleName, section, table } from './parts.ts';

/** Violations that are accepted until a date, by exemption. They are in no share, and must not be hidden. */
export const exemptionsSection = (report: Report): Html => {
  const exempt = report.findings.filter(isExempt);
  if (exempt.length === 0) return html``;
  const byId = [...Map.groupBy(exempt, ({ exemption = '' }) => exemption)].toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return section(
    'Exemptions',
    byId.map(
      ([id, findings]) =>
        html`<div class="card inside-table">
          <h3>${mono(id)} <span class="muted small">${findings.length} exempt</span></h3>
          <div class="scroll">
            ${table(
              ['Account', 'Rule', 'Resource', 'Until', 'Owner'],
              findings
                .slice(0, ROWS)
                .map((finding) => [
                  accountOf(report, finding.accountId),
                  html`${ruleName(report, finding.command)}`,
                  html`${mono(resourceLabel(finding))} <span class="muted small">${finding.region}</span>`,
                  html`${finding.annotation}`,
                  html`${finding.owner}`,
                ]),
            )}
          </div>
          ${moreRows(findings.length, 'exempt resource', `compliance exemptions list`)}
        </div>`,
    ),
  );
};
