import fc from 'fast-check';
import * as z from 'zod';

/**
 * Generates values of a schema for property tests. Supports the types that facts consist of.
 * @param text Generates the strings, where the schema does not say how they look.
 */
export const arbitraryOf = <T>(
  schema: z.ZodType<T>,
  text: fc.Arbitrary<string> = fc.string(),
): fc.Arbitrary<T> => {
  const root = JsonSchema.parse(z.toJSONSchema(schema));
  // JSON schemas lack refinements, so a generated value may not parse.
  return ofSchema(root, text)
    .map((value) => schema.safeParse(value))
    .filter(({ success }) => success)
    .map(({ data }) => {
      if (data === undefined) throw new Error('Invalid schema of facts: it allows undefined.');
      return data;
    });
};

interface JsonSchema {
  type?: string | string[] | undefined;
  const?: unknown;
  enum?: unknown[] | undefined;
  anyOf?: JsonSchema[] | undefined;
  oneOf?: JsonSchema[] | undefined;
  properties?: Record<string, JsonSchema> | undefined;
  required?: string[] | undefined;
  additionalProperties?: JsonSchema | boolean | undefined;
  propertyNames?: JsonSchema | undefined;
  items?: JsonSchema | undefined;
  format?: string | undefined;
  pattern?: string | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
}

const JsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    const: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    anyOf: z.array(JsonSchema).optional(),
    oneOf: z.array(JsonSchema).optional(),
    properties: z.record(z.string(), JsonSchema).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: z.union([z.boolean(), JsonSchema]).optional(),
    propertyNames: JsonSchema.optional(),
    items: JsonSchema.optional(),
    format: z.string().optional(),
    pattern: z.string().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
  }),
);

const ofSchema = (schema: JsonSchema, text: fc.Arbitrary<string>): fc.Arbitrary<unknown> => {
  const { enum: values, anyOf, oneOf, type } = schema;
  const ofMember = (member: JsonSchema) => ofSchema(member, text);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (values) return fc.constantFrom(...values);
  const either = anyOf ?? oneOf;
  if (either) return fc.oneof(...either.map(ofMember));
  if (Array.isArray(type)) return fc.oneof(...type.map((one) => ofMember({ ...schema, type: one })));
  if (type === 'string') return ofString(schema, text);
  const build = type === undefined ? undefined : BUILDERS[type];
  if (!build)
    throw new Error(`Unknown JSON schema type '${type}': arbitraryOf cannot generate it. Add a builder.`);
  return build(schema, ofMember, text);
};

const ofString = ({ format, pattern }: JsonSchema, text: fc.Arbitrary<string>): fc.Arbitrary<string> => {
  if (format === 'date-time')
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
      .map((date) => date.toISOString());
  if (pattern === undefined) return text;
  // fast-check cannot look ahead; what then does not match is filtered like any other value that does not parse.
  return fc.stringMatching(new RegExp(pattern.replaceAll(LOOKAHEAD, '')));
};

const LOOKAHEAD = /\(\?[=!](?:[^()]|\([^()]*\))*\)/g;

type Build = (
  schema: JsonSchema,
  ofMember: (member: JsonSchema) => fc.Arbitrary<unknown>,
  text: fc.Arbitrary<string>,
) => fc.Arbitrary<unknown>;

const BUILDERS: Readonly<Record<string, Build>> = {
  null: () => fc.constant(null),
  boolean: () => fc.boolean(),
  integer: ({ minimum = -65_536, maximum = 65_536 }) =>
    fc.integer({ min: minimum, max: Math.min(maximum, 2 ** 31) }),
  number: ({ minimum = -1e6, maximum = 1e6 }) => fc.double({ min: minimum, max: maximum, noNaN: true }),
  array: ({ items }, ofMember) => fc.array(items ? ofMember(items) : fc.jsonValue(), { maxLength: 6 }),
  object: ({ properties = {}, required = [], additionalProperties, propertyNames }, ofMember, text) =>
    typeof additionalProperties === 'object' && Object.keys(properties).length === 0
      ? fc.dictionary(ofString(propertyNames ?? {}, text), ofMember(additionalProperties), { maxKeys: 5 })
      : fc.record(
          Object.fromEntries(Object.entries(properties).map(([name, member]) => [name, ofMember(member)])),
          { requiredKeys: required },
        ),
};
