import * as z from 'zod';

/** The route of a REST operation, and its parameters outside the body. */
export interface RestRoute {
  readonly operation: string;
  readonly method: string;
  /** `{Label}` matches one part of the path, `{Label+}` all the rest. */
  readonly path: string;
  /** Query keys that identify the operation, such as `versioning` in `/?versioning`. */
  readonly markers: readonly string[];
  readonly bindings: readonly Binding[];
}

interface Binding {
  readonly parameter: string;
  readonly from: 'query' | 'header';
  readonly name: string;
  readonly required: boolean;
}

/** Reads the routes of a service from the schemas that its SDK client exports: all that the client can send. */
export const restRoutes = (clientModule: Readonly<Record<string, unknown>>): readonly RestRoute[] =>
  Object.values(clientModule).flatMap((value) => {
    const operation = operationSchema.safeParse(value);
    return operation.success ? [route(operation.data)] : [];
  });

// The tuples of @smithy/types' static schemas: [9, namespace, name, traits, input, output] is an operation,
// [3, namespace, name, traits, memberNames, memberSchemas, requiredCount] a structure whose required members come first.
const operationSchema = z
  .tuple([
    z.literal(9),
    z.string(),
    z.string(),
    z.looseObject({ http: z.tuple([z.string(), z.string(), z.number()]) }),
  ])
  .rest(z.unknown());
const structureSchema = z
  .tuple([z.literal(3), z.string(), z.string(), z.unknown(), z.array(z.string()), z.array(z.unknown())])
  .rest(z.unknown());
const memberSchema = z.tuple([
  z.unknown(),
  z.union([z.object({ httpQuery: z.string() }), z.object({ httpHeader: z.string() })]),
]);

const route = ([, , operation, { http }, input]: z.infer<typeof operationSchema>): RestRoute => {
  const [method, uri] = http;
  const [path = '/', query = ''] = uri.split('?');
  // x-id only repeats the operation's name, and not every client sends it.
  const markers = query.split('&').filter((marker) => marker !== '' && !marker.startsWith('x-id='));
  return {
    operation,
    method,
    path,
    markers,
    bindings: bindings(typeof input === 'function' ? input() : input),
  };
};

const bindings = (input: unknown): readonly Binding[] => {
  const structure = structureSchema.safeParse(input);
  if (!structure.success) return [];
  const [, , , , names, members, requiredCount] = structure.data;
  return names.flatMap((parameter, index): readonly Binding[] => {
    const member = memberSchema.safeParse(members[index]);
    if (!member.success) return [];
    const [, traits] = member.data;
    const required = index < Number(requiredCount ?? 0);
    return 'httpQuery' in traits
      ? [{ parameter, from: 'query', name: traits.httpQuery, required }]
      : [{ parameter, from: 'header', name: traits.httpHeader, required }];
  });
};
