/**
 * Replaces `Ref` and `Fn::Sub` by their values.
 * @param scope template parameters and pseudo parameters
 * @throws {Error} for any other function, and for names that are not in the scope
 */
export const resolveIntrinsics = (value: unknown, scope: ReadonlyMap<string, string>): unknown => {
  if (Array.isArray(value)) return value.map((item) => resolveIntrinsics(item, scope));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[name, argument] = ['', undefined]] = entries;
  if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::')))
    return intrinsic(name, argument, scope);
  return Object.fromEntries(entries.map(([key, member]) => [key, resolveIntrinsics(member, scope)]));
};

const intrinsic = (name: string, argument: unknown, scope: ReadonlyMap<string, string>): string => {
  if (name === 'Ref' && typeof argument === 'string') return lookUp(argument, scope);
  if (name === 'Fn::Sub' && typeof argument === 'string') {
    // In Fn::Sub, `${!Name}` is a literal `${Name}`.
    return argument.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, key: string) =>
      literal === '!' ? `\${${key}}` : lookUp(key.trim(), scope),
    );
  }
  throw new Error(
    `Not supported by the local AWS Config: ${name} with this argument. Use Ref or Fn::Sub with a string.`,
  );
};

const lookUp = (name: string, scope: ReadonlyMap<string, string>): string => {
  const value = scope.get(name);
  if (value !== undefined) return value;
  throw new Error(`Unknown parameter: '${name}'. Known parameters: ${[...scope.keys()].join(', ')}.`);
};
