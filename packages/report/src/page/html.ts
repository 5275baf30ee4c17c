import { printable } from '@compliance/core/printable';

/** Escaped HTML; only the tag below makes it. */
export interface Html {
  readonly html: string;
}

type Part = Html | string | number | undefined | false | readonly Part[];

/** Escapes every value that is not HTML itself; `undefined` and `false` render nothing. */
export const html = (texts: TemplateStringsArray, ...values: readonly Part[]): Html => ({
  html: texts.reduce((page, text, index) => page + toHtml(values[index - 1]) + text),
});

const toHtml = (part: Part): string => {
  if (part === undefined || part === false) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return 'html' in part ? part.html : part.map(toHtml).join('');
};

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string) =>
  printable(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
