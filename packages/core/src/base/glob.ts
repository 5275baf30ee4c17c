/** Whether a text matches a pattern. `*` matches any run of characters; nothing else is special. */
export const isGlobMatch = (pattern: string, text: string): boolean => {
  const literal = (part: string) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, String.raw`\$&`);
  return new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`, 's').test(text);
};
