import fc from 'fast-check';
import * as z from 'zod';

/** Generates values of a schema for property tests. Supports the types that facts consist of. */
export const arbitraryOf = <T>(schema: z.ZodType<T>): fc.Arbitrary<T> => {
  const root = JsonSchema.parse(z.toJSONSchema(schema));
  // JSON schemas lack refinements, so a generated value may not parse.
  return ofSchema(root)
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
  items?: JsonSchema | undefined;
  format?: string | undefined;
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
    items: JsonSchema.optional(),
    format: z.string().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
  }),
);

const ofSchema = (schema: JsonSchema): fc.Arbitrary<unknown> => {
  const { enum: values, anyOf, oneOf, type } = schema;
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (values) return fc.constantFrom(...values);
  const either = anyOf ?? oneOf;
  if (either) return fc.oneof(...either.map(ofSchema));
  if (Array.isArray(type)) return fc.oneof(...type.map((one) => ofSchema({ ...schema, type: one })));
  const build = type === undefined ? undefined : BUILDERS[type];
  if (!build)
    throw new Error(`Unknown JSON schema type '${type}': arbitraryOf cannot generate it. Add a builder.`);
  return build(schema);
};

const BUILDERS: Readonly<Record<string, (schema: JsonSchema) => fc.Arbitrary<unknown>>> = {
  null: () => fc.constant(null),
  boolean: () => fc.boolean(),
  integer: ({ minimum = -65_536, maximum = 65_536 }) =>
    fc.integer({ min: minimum, max: Math.min(maximum, 2 ** 31) }),
  number: ({ minimum = -1e6, maximum = 1e6 }) => fc.double({ min: minimum, max: maximum, noNaN: true }),
  string: ({ format }) =>
    format === 'date-time'
      ? fc
          .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
          .map((date) => date.toISOString())
      : fc.string(),
  array: ({ items }) => fc.array(items ? ofSchema(items) : fc.jsonValue(), { maxLength: 6 }),
  object: ({ properties = {}, required = [], additionalProperties }) =>
    typeof additionalProperties === 'object' && Object.keys(properties).length === 0
      ? fc.dictionary(fc.string(), ofSchema(additionalProperties), { maxKeys: 5 })
      : fc.record(
          Object.fromEntries(Object.entries(properties).map(([name, member]) => [name, ofSchema(member)])),
          { requiredKeys: required },
        ),
};
