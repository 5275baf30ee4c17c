// Tab and line feed separate fields and lines, so they sort before every character of a field. Half a pair of
// surrogates would be lost in UTF-8.
// oxlint-disable-next-line no-control-regex -- these are what it looks for.
const TO_ESCAPE = /[\u0000-\u001F\\\p{Surrogate}]/gu;
const ESCAPED = /\\u([0-9a-f]{4})/g;

/** Writes any text as a field of a line: without control characters. */
export const toField = (text: string): string =>
  text.replaceAll(TO_ESCAPE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Reads a field that `toField` wrote. */
export const fromField = (field: string): string =>
  field.includes('\\')
    ? field.replaceAll(ESCAPED, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    : field;

/**
 * A copy of a text that is kept for long. A part of a text shares its memory: a few kept fields would keep every part of
 * a snapshot in memory.
 */
export const ownText = (text: string): string => Buffer.from(text).toString();

/** Reads a field that is kept for long. */
export const fromKeptField = (field: string): string => fromField(ownText(field));
