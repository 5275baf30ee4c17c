export type Cell = string | number;

/** A row of RFC 4180, without the end of its line. */
export const csvRow = (cells: readonly Cell[]): string => cells.map(csvCell).join(',');

/**
 * Where a spreadsheet may begin a cell, and would calculate it. One whose separator is a semicolon or a tab begins cells
 * at those of a text too, and at its ends of line: between two of our commas, a quote is not a quote to it.
 * What it may leave out before a formula is spaces, controls, invisible characters and quotes. U+FF1D and its like are
 * the wide forms of the four signs.
 */
const FORMULA = /(?<=^|[;\t\r\n])(?=(?:(?![\t\r\n])[\s\p{Cc}\p{Cf}'"])*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/gu;

const csvCell = (value: Cell): string => {
  if (typeof value === 'number') return String(value);
  const text = value.replaceAll(FORMULA, "'");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
