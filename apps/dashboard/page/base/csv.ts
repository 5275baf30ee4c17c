export type Cell = string | number;

/** CSV of RFC 4180. The byte order mark tells spreadsheets that it is UTF-8. */
export const csv = (titles: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  `\uFEFF${[titles, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;

/** A spreadsheet calculates a text that looks like a formula, and a name may be anybody's: an apostrophe keeps it text. */
const csvCell = (value: Cell): string => {
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
