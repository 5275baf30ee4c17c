/** The text in printable ASCII on one line: spaces for line breaks, `?` for any other character. */
export const inAscii = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/[^ -~]/g, '?');
