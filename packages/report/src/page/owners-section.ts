import { counted } from '@compliance/core/printable';

import { isExempt, isViolation } from '../finding.ts';
import type { Report } from '../report.ts';
import { html, type Html } from './html.ts';
import { ROWS } from './limit.ts';
import { section, table } from './parts.ts';

interface Share {
  violations: number;
  exempt: number;
  unknown: number;
}

/** What each owner has to do, the most violations first. */
export const ownersSection = ({ findings, unreadable }: Report): Html => {
  const owners = new Map<string, Share>();
  const add = (owner: string | undefined, what: keyof Share) => {
    if (owner === undefined) return;
    const share = owners.get(owner) ?? { violations: 0, exempt: 0, unknown: 0 };
    share[what] += 1;
    owners.set(owner, share);
  };
  for (const finding of findings) {
    if (isViolation(finding)) add(finding.owner, 'violations');
    if (isExempt(finding)) add(finding.owner, 'exempt');
  }
  for (const { owner } of unreadable) add(owner, 'unknown');
  if (owners.size === 0) return html``;
  const rows = [...owners].toSorted(
    ([a, left], [b, right]) => right.violations - left.violations || (a < b ? -1 : 1),
  );
  return section(
    'Owners',
    html`<div class="card scroll">
      ${table(
        ['Owner', 'Violations', 'Exempt', 'Not evaluated'],
        rows
          .slice(0, ROWS)
          .map(([owner, { violations, exempt, unknown }]) => [
            html`${owner}`,
            html`${violations}`,
            html`${exempt}`,
            html`${unknown}`,
          ]),
      )}
      ${
        rows.length > ROWS &&
        html`<p class="muted small more">
          ${counted(rows.length - ROWS, 'more owner')} with fewer violations.
        </p>`
      }
    </div>`,
  );
};
