/**
 * Creates the matcher of a value with wildcards: `AccessDenied*`, `*UnauthorizedOperation`.
 * @throws {SyntaxError} for a wildcard between other characters: AWS has described it both as a wildcard and as itself
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html#matching-terms-json-log-events
 */
export const wildcard = (value: string): ((text: string) => boolean) => {
  const [, before = '', literal = '', after = ''] = /^(\**)(.*?)(\**)$/s.exec(value) ?? [];
  if (literal.includes('*')) throw new SyntaxError(`a wildcard inside of ${value}`);
  if (before !== '' && after !== '') return (text) => text.includes(literal);
  if (before !== '') return (text) => text.endsWith(literal);
  // Of a value of asterisks alone, the expression above takes all as those before.
  return after === '' ? (text) => text === literal : (text) => text.startsWith(literal);
};
