import { SEVERITIES } from '@compliance/core';
import { counted } from '@compliance/core/printable';

import { isExcluded, isExempt, isViolation, type Unreadable } from '../finding.ts';
import type { Report } from '../report.ts';
import { html, type Html } from './html.ts';

export const totalsSection = (report: Report): Html =>
  html`<section class="tiles" aria-label="Totals">
    ${shareTile(report)} ${severityTile(report)} ${workTile(report)} ${scopeTile(report)}
  </section>`;

const tile = (content: Html): Html => html`<div class="card tile">${content}</div>`;

interface Share {
  readonly name: string;
  readonly colour: string;
  readonly count: number;
}

const bar = (shares: readonly Share[]): Html => html`
  <div class="bar" aria-hidden="true">
    ${shares.map(({ count, colour }) => html`<i style="flex:${count} 0 0;background:var(--${colour})"></i>`)}
  </div>
  <ul class="legend">
    ${shares.map(
      ({ name, count, colour }) =>
        html`<li><span class="dot" style="background:var(--${colour})"></span>${count} ${name}</li>`,
    )}
  </ul>
`;

const shareTile = (report: Report): Html => {
  const { violating, compliant, unknown, exempt } = countShares(report);
  const all = violating + compliant + unknown;
  // Never 100 % while anything violates, or is not known.
  const share = all === 0 ? undefined : Math.floor((100 * compliant) / all);
  return tile(html`
    <b>${share === undefined ? '–' : `${share} %`}</b>compliant
    ${bar([
      { name: 'compliant', colour: 'good', count: compliant },
      { name: 'non-compliant', colour: 'bad', count: violating },
      ...(unknown > 0 ? [{ name: 'unknown', colour: 'muted', count: unknown }] : []),
    ])}
    <p class="muted small">compliant ÷ (compliant + non-compliant + unknown), rounded down</p>
    ${exempt > 0 && html`<p class="muted small">${exempt} exempt (not counted)</p>`}
  `);
};

/** What could not be evaluated is unknown, also if an older verdict says that it is compliant. */
const countShares = ({ findings, unreadable }: Report) => {
  const keyOf = ({ command, accountId, region, resourceType, resourceId }: Omit<Unreadable, 'message'>) =>
    [command, accountId, region, resourceType, resourceId].join('|');
  const unknown = new Set(unreadable.map(keyOf));
  const violations = findings.filter(isViolation);
  for (const finding of violations) unknown.delete(keyOf(finding));
  return {
    violating: violations.length,
    compliant: findings.filter(
      (finding) => finding.complianceType === 'COMPLIANT' && !unknown.has(keyOf(finding)),
    ).length,
    unknown: unknown.size,
    exempt: findings.filter(isExempt).length,
  };
};

const severityTile = ({ findings }: Report): Html => {
  const violations = findings.filter(isViolation);
  const shares = SEVERITIES.toReversed().map((severity) => ({
    name: severity,
    colour: severity,
    count: violations.filter((finding) => finding.severity === severity).length,
  }));
  const excluded = violations.filter(isExcluded).length;
  return tile(html`
    <b>${violations.length}</b>${violations.length === 1 ? 'violation' : 'violations'} ${bar(shares)}
    ${excluded > 0 && html`<p class="muted small">${excluded} managed by AWS or the landing zone</p>`}
  `);
};

const workTile = ({ plans, changes }: Report): Html => {
  const undone = changes.filter((change) => change.undone?.outcome === 'undone').length;
  const failed = changes.filter(({ outcome }) => outcome === 'failed').length;
  return tile(html`
    <b>${plans.length}</b>${plans.length === 1 ? 'fix planned' : 'fixes planned'}
    <p class="muted small">${counted(changes.length, 'change')} made, ${failed} failed, ${undone} undone</p>
  `);
};

const scopeTile = ({ findings, unreadable }: Report): Html => {
  const distinct = (of: (finding: Report['findings'][number]) => string) => new Set(findings.map(of)).size;
  return tile(html`
    <b>${distinct(({ accountId }) => accountId)}</b>${
      distinct(({ accountId }) => accountId) === 1 ? 'account' : 'accounts'
    }
    <p class="muted small">
      ${counted(
        distinct(({ region }) => region),
        'Region',
      )},
      ${counted(
        distinct(({ command }) => command),
        'rule',
      )},
      ${counted(findings.length, 'verdict')}
    </p>
    ${unreadable.length > 0 && html`<p class="bad small">${unreadable.length} could not be evaluated</p>`}
  `);
};
