import { oneLine } from '@compliance/core/printable';

/** Pads the cells of each column to its widest; a column of numbers is aligned to the right. */
export const aligned = ([head = [], ...rows]: readonly (readonly (string | number)[])[]): string[] => {
  const columns = head.map((name, index) => {
    const cells = rows.map((row) => row[index] ?? '');
    const isNumeric = cells.every((cell) => typeof cell === 'number');
    const texts = [name, ...cells].map((cell) => oneLine(String(cell)));
    const width = Math.max(...texts.map((text) => text.length));
    return texts.map((text) => (isNumeric ? text.padStart(width) : text.padEnd(width)));
  });
  return [head, ...rows].map((_, index) =>
    columns
      .map((texts) => texts[index])
      .join('  ')
      .trimEnd(),
  );
};

export const lines = (texts: readonly string[]) => texts.map((text) => `${text}\n`).join('');
