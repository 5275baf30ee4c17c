/**
 * Whether a text matches a pattern. `*` matches any run of characters; nothing else is special.
 * The one rule for every pattern of settings and exemptions. It takes the first place where each literal part fits and
 * never goes back, so the time grows with the lengths of pattern and text, not with the number of asterisks.
 */
export const isGlobMatch = (pattern: string, text: string): boolean => {
  const [start = '', ...rest] = pattern.split('*');
  const end = rest.pop();
  if (end === undefined) return pattern === text;
  if (!text.startsWith(start) || !text.endsWith(end)) return false;
  const last = text.length - end.length;
  let from = start.length;
  for (const part of rest) {
    const found = text.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return from <= last;
};
