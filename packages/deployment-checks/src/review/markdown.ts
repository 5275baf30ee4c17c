/** Text from a plan as text: whoever opens a pull request writes plans, and must not write into the review. */
export const plain = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*[\]<>|]/g, String.raw`\$&`)
    // No backslash keeps a name from being called.
    .replaceAll('@', '&#64;');

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** A heading with what is below it; nothing where there is nothing to say. */
export const section = (title: string, ...blocks: readonly string[]): string => {
  const said = blocks.filter((block) => block !== '');
  return said.length === 0 ? '' : [`## ${title}`, ...said].join('\n\n');
};

export const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');

/** A list that opens when it is long. */
export const foldedList = (summary: string, lines: readonly string[]): string =>
  lines.length <= SHOWN
    ? list(lines)
    : `<details><summary>${summary}</summary>\n\n${list(lines)}\n\n</details>`;

const SHOWN = 12;

/** `1 warning`, `2 warnings` */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
