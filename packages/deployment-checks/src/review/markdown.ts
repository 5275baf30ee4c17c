import { printable } from '@compliance/core/printable';

/** Escapes text from a plan: the author of a pull request must not write Markdown into the review. */
export const plain = (text: string): string =>
  printable(text.replaceAll(/\s+/g, ' '))
    .replaceAll(/[\\`*[\]<>|]/g, String.raw`\$&`)
    // A backslash does not stop a mention.
    .replaceAll('@', '&#64;');

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** A heading with its blocks; empty without blocks. */
export const section = (title: string, ...blocks: readonly string[]): string => {
  const filled = blocks.filter((block) => block !== '');
  return filled.length === 0 ? '' : [`## ${title}`, ...filled].join('\n\n');
};

export const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');

/** A list, folded when it is long. */
export const foldedList = (summary: string, lines: readonly string[]): string =>
  lines.length <= SHOWN
    ? list(lines)
    : `<details><summary>${summary}</summary>\n\n${list(lines)}\n\n</details>`;

const SHOWN = 12;
