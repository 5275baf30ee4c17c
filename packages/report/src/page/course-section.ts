import { counted } from '@compliance/core/printable';

import type { Report } from '../report.ts';
import { isViolation } from '../finding.ts';
import { html, type Html } from './html.ts';
import { minute, section, table } from './parts.ts';

const [WIDTH, HEIGHT, MARGIN] = [720, 120, 6];

/** How the violations came and went, and what was done: the first thing that a reader wants to know. */
export const courseSection = (report: Report): Html => {
  const { course, changes, findings } = report;
  const now = findings.filter(isViolation).length;
  const [first] = course;
  if (!first) return html``;
  const most = course.reduce((top, point) => (point.violations > top.violations ? point : top), first);
  const fixed = changes.filter(({ outcome }) => outcome === 'fixed' || outcome === 'applied').length;
  const undone = changes.filter(({ undone: undo }) => undo?.outcome === 'undone').length;
  const summary = `${counted(most.violations, 'violation')} at most, on ${minute(most.time)}; ${now} at the end.`;
  return section(
    'Course',
    html`<div class="card course">
      <p class="lead"><b>${most.violations} → ${now}</b> violations</p>
      <p>${summary} ${counted(fixed, 'fix', 'fixes')} made, ${undone} of them undone.</p>
      ${chart(report, most.violations, summary)}
      <details class="small">
        <summary>The same as a table</summary>
        ${table(
          ['Time', 'Violations'],
          course.map(({ time, violations }) => [html`${minute(time)}`, html`${violations}`]),
        )}
      </details>
    </div>`,
  );
};

const chart = ({ course, createdAt }: Report, top: number, summary: string): Html => {
  const start = course[0]?.time ?? 0;
  const end = Math.max(createdAt.getTime(), course.at(-1)?.time ?? 0);
  const x = (time: number) => MARGIN + ((time - start) / Math.max(end - start, 1)) * (WIDTH - 2 * MARGIN);
  const y = (violations: number) => HEIGHT - MARGIN - (violations / Math.max(top, 1)) * (HEIGHT - 2 * MARGIN);
  // The number stays until the next change.
  const steps = course.map(({ time, violations }) => `H${x(time).toFixed(1)}V${y(violations).toFixed(1)}`);
  const line = `M${MARGIN} ${y(0)}${steps.join('')}H${WIDTH - MARGIN}`;
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${summary}">
      <path d="M${MARGIN} ${y(0)}H${WIDTH - MARGIN}" class="axis" />
      <path d="${line}" class="line" />
    </svg>
    <p class="muted small ends"><span>${minute(start)}</span><span>${minute(end)}</span></p>`;
};
