/** Matches IAM's wildcards: `*` is any text (also with `/` and `:`), `?` one character. */
export const globMatches = (pattern: string, text: string): boolean =>
  // Most patterns are of another service: comparing how they begin is faster than making an expression of each.
  text.startsWith(pattern.split(/[*?]/, 1)[0] ?? '') &&
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  ).test(text);
