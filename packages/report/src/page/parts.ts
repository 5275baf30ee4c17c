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

/** `2026-11-20 10:15 UTC` */
export const minute = (time: number): string =>
  `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** The title of a rule, if known. */
export const ruleName = ({ rules }: Report, command: string): string => rules[command]?.title ?? command;

/** The controls of a rule, such as `cis-7.0 5.3`. */
export const controlsOf = ({ rules }: Report, command: string): readonly string[] =>
  Object.entries(rules[command]?.controls ?? {}).flatMap(([framework, ids]) =>
    ids.map((id) => `${framework} ${id}`),
  );

/** The id of the element with a rule's findings. */
export const anchorOf = (command: string): string => `rule-${command}`;
