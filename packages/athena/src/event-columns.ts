import { AuditEvent } from '@compliance/core';
import * as z from 'zod';

import type { Column, ColumnType } from './column.ts';

/** What matters of a JSON Schema here. */
const Schema = z.looseObject({
  type: z.string().optional(),
  const: z.json().optional(),
  enum: z.array(z.json()).optional(),
  get anyOf() {
    return z.array(Schema).optional();
  },
  get properties() {
    return z.record(z.string(), Schema).optional();
  },
  get items() {
    return Schema.optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), Schema]).optional();
  },
});
type Schema = z.infer<typeof Schema>;

const Union = z.object({ oneOf: z.array(Schema) });

/**
 * The members of all audit events, as columns. An object of flat members is a struct; what is deeper is its JSON, as text.
 * @throws {Error} when a member has another type in another event
 */
export const eventColumns = (): readonly Column[] => {
  const types = new Map<string, ColumnType>();
  for (const { properties = {} } of Union.parse(z.toJSONSchema(AuditEvent)).oneOf)
    for (const [name, schema] of Object.entries(properties)) {
      const type = typeOf(schema);
      const known = types.get(name) ?? type;
      if (JSON.stringify(known) !== JSON.stringify(type))
        throw new Error(
          `The member ${name} of audit events has several types, and a column has one: ${JSON.stringify([known, type])}.`,
        );
      types.set(name, type);
    }
  return [...types].map(([name, type]) => ({ name, type }));
};

const typeOf = (schema: Schema): ColumnType => {
  const flat = flatTypeOf(schema);
  if (flat !== undefined) return flat;
  const members = Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const type = flatTypeOf(member);
    return type === undefined ? [] : [[name, type] as const];
  });
  const isFlat = schema.properties && members.length === Object.keys(schema.properties).length;
  return isFlat ? Object.fromEntries(members) : 'string';
};

type FlatType = Extract<ColumnType, string>;

const flatTypeOf = ({
  type,
  const: value,
  enum: values,
  anyOf,
  items,
  additionalProperties: others,
}: Schema): FlatType | undefined => {
  if (anyOf) {
    const types = new Set(anyOf.map(flatTypeOf));
    return types.size === 1 ? [...types][0] : undefined;
  }
  if (typeof (value ?? values?.[0]) === 'number' || type === 'integer') return 'bigint';
  if (type === 'string') return 'string';
  if (type === 'number') return 'double';
  if (type === 'array' && items?.type === 'string') return 'array<string>';
  return typeof others === 'object' && others.type === 'string' ? 'map<string,string>' : undefined;
};
