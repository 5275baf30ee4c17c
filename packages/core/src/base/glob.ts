/** Whether a text matches a pattern in which `*` stands for any run of characters and everything else for itself. */
export const isGlobMatch = (pattern: string, text: string): boolean => {
  const literal = (part: string) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, String.raw`\$&`);
  return new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`, 's').test(text);
};
