import type { Severity } from '@compliance/core';

import type { Report } from '../report.ts';
import { html, type Html } from './html.ts';

export const severityChip = (severity: Severity | undefined): Html =>
  severity ? html`<span class="chip ${severity}">${severity}</span>` : html``;

/** The account's name, where known, and its id. */
export const accountOf = ({ accountNames }: Report, accountId: string): Html => {
  const name = accountNames[accountId];
  return name === undefined ? mono(accountId) : html`${name} <span class="mono muted">${accountId}</span>`;
};

export const mono = (text: string): Html => html`<span class="mono">${text}</span>`;

/** A table with one header row. */
export const table = (headers: readonly string[], rows: readonly (readonly Html[])[]): Html =>
  html`<table>
    <thead>
      <tr>
        ${headers.map((header) => html`<th scope="col">${header}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (cells) =>
          html`<tr>
            ${cells.map((cell) => html`<td>${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;

export const section = (title: string, content: Html | readonly Html[]): Html =>
  html`<section>
    <h2>${title}</h2>
    ${content}
  </section>`;

export const pretty = (value: unknown): Html =>
  html`<pre>${value === undefined ? '(unknown)' : JSON.stringify(value, null, 2)}</pre>`;

/** `1 plan`, `2 plans` */
export const plural = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** The id of the element with a rule's findings. */
export const anchorOf = (command: string): string => `rule-${command}`;
