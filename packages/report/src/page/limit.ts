import { counted } from '@compliance/core/printable';

import { html, type Html } from './html.ts';

/** Rows that a page shows of each rule: a page of everything is too large to open with a thousand accounts. */
export const ROWS = 100;

/** Says how many rows a page leaves out, and where they are. Nothing if it shows all. */
export const moreRows = (count: number, thing: string, where: string): Html =>
  count <= ROWS
    ? html``
    : html`<p class="muted small">
        ${counted(count - ROWS, `more ${thing}`)}. All of them: <code>${where}</code>
      </p>`;
