import type { Report } from '../report.ts';
import { html, type Html } from './html.ts';
import { accountOf, section } from './parts.ts';

/** What could not be judged: it has no verdict, or keeps its old one. */
export const unreadableSection = (report: Report): Html =>
  report.unreadable.length === 0
    ? html``
    : section(
        'Not judged',
        html`<div class="card scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Account</th>
                <th scope="col">Region</th>
                <th scope="col">Rule</th>
                <th scope="col">Resource</th>
                <th scope="col">Error</th>
              </tr>
            </thead>
            <tbody>
              ${report.unreadable.map(
                ({ accountId, region, command, resourceId, message }) =>
                  html`<tr>
                    <td>${accountId !== undefined && accountOf(report, accountId)}</td>
                    <td class="mono">${region}</td>
                    <td class="mono">${command}</td>
                    <td class="mono">${resourceId ?? '(all)'}</td>
                    <td>${message}</td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>`,
      );
