import type { Severity } from '@compliance/core';

import type { Report } from '../report.ts';
import { html, type Html } from './html.ts';

export const severityChip = (severity: Severity | undefined): Html =>
  severity ? html`<span class="chip ${severity}">${severity}</span>` : html``;

/** The account as people call it, and its id. */
export const accountOf = ({ accountNames }: Report, accountId: string): Html => {
  const name = accountNames[accountId];
  return name === undefined
    ? html`<span class="mono">${accountId}</span>`
    : html`${name} <span class="mono muted">${accountId}</span>`;
};

export const section = (title: string, content: Html | readonly Html[]): Html =>
  html`<section>
    <h2>${title}</h2>
    ${content}
  </section>`;

export const pretty = (value: unknown): Html =>
  html`<pre>${value === undefined ? '(unknown)' : JSON.stringify(value, null, 2)}</pre>`;

/** `1 plan`, `2 plans` */
export const plural = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** Where the findings of a rule stand in the page. */
export const anchorOf = (command: string): string => `rule-${command}`;
