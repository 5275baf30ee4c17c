/**
 * Control characters, and characters that reorder the text around them. Names and tags of resources may contain them:
 * a terminal would move its cursor or change its title, and a reader would see another name than the one there.
 * Line feed and tab stay.
 * @see https://www.unicode.org/reports/tr9/ and https://www.trojansource.codes
 */
const UNPRINTABLE =
  // oxlint-disable-next-line no-control-regex -- these are the characters to find.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** The text as one line: a line feed in a name or a reason would begin another row. */
export const oneLine = (text: string): string => text.replaceAll(/[\n\r\t\u2028\u2029]+/g, ' ');

/** `1 warning`, `2 warnings` */
export const counted = (count: number, thing: string, things = `${thing}s`): string =>
  `${count} ${count === 1 ? thing : things}`;

/** The text with its unprintable characters as `\u001b`: visible, and the same value within JSON. */
export const printable = (text: string): string =>
  text.replaceAll(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
