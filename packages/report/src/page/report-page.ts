import type { Report } from '../report.ts';
import { changesSection } from './changes-section.ts';
import { courseSection } from './course-section.ts';
import { exemptionsSection } from './exemptions-section.ts';
import { findingsSection } from './findings-section.ts';
import { gridSection } from './grid-section.ts';
import { html } from './html.ts';
import { ownersSection } from './owners-section.ts';
import { plansSection } from './plans-section.ts';
import { STYLE } from './style.ts';
import { totalsSection } from './totals-section.ts';
import { unreadableSection } from './unreadable-section.ts';

/** Renders the report as one printable HTML file without JavaScript or external requests. */
export const reportPage = (report: Report): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        />
        <meta name="color-scheme" content="light dark" />
        <title>${report.title}</title>
        <style>
          ${{ html: STYLE }}
        </style>
      </head>
      <body>
        <header>
          <h1>${report.title}</h1>
          <p class="muted">As of ${report.createdAt.toISOString().slice(0, 16).replace('T', ' ')} UTC</p>
        </header>
        <main>
          ${courseSection(report)} ${totalsSection(report)} ${gridSection(report)} ${findingsSection(report)}
          ${changesSection(report)} ${exemptionsSection(report)} ${ownersSection(report)}
          ${plansSection(report)} ${unreadableSection(report)}
        </main>
      </body>
    </html>`.html;
