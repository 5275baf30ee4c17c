import type { Report } from '../report.ts';
import { html, type Html } from './html.ts';
import { ROWS, moreRows } from './limit.ts';
import { accountOf, mono, section, table } from './parts.ts';

/** Resources without a current verdict: the evaluation failed, so an older verdict may still be shown. */
export const unreadableSection = (report: Report): Html =>
  report.unreadable.length === 0
    ? html``
    : section(
        'Not evaluated',
        html`<div class="card scroll">
          ${table(
            ['Account', 'Region', 'Rule', 'Resource', 'Error'],
            report.unreadable
              .toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
              .slice(0, ROWS)
              .map(({ accountId, region = '', command = '', resourceId = '(all)', message }) => [
                accountId === undefined ? html`` : accountOf(report, accountId),
                mono(region),
                mono(command),
                mono(resourceId),
                html`${message}`,
              ]),
          )}
          ${moreRows(report.unreadable.length, 'resource', 'compliance scan --format csv')}
        </div>`,
      );

/** Many accounts fail in another order each time. */
const sortKey = ({ accountId, region, command, resourceId, message }: Report['unreadable'][number]) =>
  [accountId, region, command, resourceId, message].join('\n');
