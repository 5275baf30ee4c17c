/** Values of `{{ … }}`: parameters, outputs of steps (`Step.Payload`), `global:…`, `automation:EXECUTION_ID`. */
export type Variables = ReadonlyMap<string, unknown>;

const WHOLE = /^\{\{\s*([\w:.]+)\s*\}\}$/;
const ANYWHERE = /\{\{\s*([\w:.]+)\s*\}\}/g;

/**
 * Replaces variables. A text of exactly one variable becomes its value with its type.
 * @throws {Error} for an unknown variable
 */
export const substitute = (value: unknown, variables: Variables): unknown => {
  if (Array.isArray(value)) return value.map((item) => substitute(item, variables));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, substitute(member, variables)]),
    );
  }
  if (typeof value !== 'string') return value;
  const whole = WHOLE.exec(value)?.[1];
  if (whole !== undefined) return lookUp(whole, variables);
  return value.replace(ANYWHERE, (_, name: string) => asText(lookUp(name, variables)));
};

export const substituteText = (value: string, variables: Variables): string =>
  asText(substitute(value, variables));

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const lookUp = (name: string, variables: Variables): unknown => {
  if (variables.has(name)) return variables.get(name);
  throw new Error(`Unknown variable: {{ ${name} }}. Known variables: ${[...variables.keys()].join(', ')}.`);
};
