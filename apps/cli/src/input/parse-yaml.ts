import { didYouMean, yamlFailure } from '@compliance/core/scan';
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import * as z from 'zod';

import { UsageError } from '../output/exit-codes.ts';
import type { YamlFile, YamlFormat } from './read-yaml.ts';

/** @throws {UsageError} with the line of each mistake, and a suggestion for each unknown key */
export const parseYaml = <T>(
  { schema, rename = asIs, formerPath = asIs }: YamlFormat<T>,
  text: string,
  file: string,
): YamlFile<T> => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeAt = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const syntaxErrors = document.errors.map((error) => `${placeAt(error.pos[0])}: ${yamlFailure(error)}`);
  if (syntaxErrors.length > 0) throw new UsageError(syntaxErrors.join('; '));

  const written = (path: readonly PropertyKey[]) => (document.hasIn(path) ? path : formerPath(path));
  const placeOf = (path: readonly PropertyKey[]) => placeAt(offsetOf(document, written(path)));
  const has = (path: readonly PropertyKey[]) => document.hasIn(written(path));
  const content: unknown = document.toJS();
  const input = rename(content);
  const parsed = schema.safeParse(input);
  if (parsed.success) return { content, value: parsed.data, placeOf, has };
  const mistakes = parsed.error.issues.flatMap((issue) => mistakesOf(issue, { schema, input }));
  throw new UsageError(
    mistakes
      .map(
        ({ path, message }) => `${placeOf(path)}: ${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`,
      )
      .join('; '),
  );
};

const asIs = <T>(value: T): T => value;

interface Mistake {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

const mistakesOf = (
  issue: z.core.$ZodIssue,
  { schema, input }: { readonly schema: z.ZodType; readonly input: unknown },
): readonly Mistake[] => {
  const { path, message } = issue;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `unknown key${didYouMean(key, keysAt(schema, path))}`,
    }));
  const hint = issue.code === 'invalid_value' ? nearestOf(issue.values, valueAt(input, path)) : '';
  return [{ path, message: `${message}${hint}` }];
};

const nearestOf = (values: readonly unknown[], word: unknown) =>
  typeof word === 'string' ? didYouMean(word, values.map(String)) : '';

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce(
    (at, step) => (typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined),
    value,
  );

const SchemaNode = z.looseObject({
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
});

const keysAt = (schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] => {
  const root: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const node = path.reduce((at, step) => {
    const { properties, additionalProperties, items } = SchemaNode.safeParse(at).data ?? {};
    return typeof step === 'number' ? items : (properties?.[String(step)] ?? additionalProperties);
  }, root);
  return Object.keys(SchemaNode.safeParse(node).data?.properties ?? {});
};

// A missing key has no line of its own: use its parent's.
const offsetOf = (document: Document, path: readonly PropertyKey[]): number => {
  for (let length = path.length; length > 0; length -= 1) {
    const node = keyNodeIn(document.getIn(path.slice(0, length - 1), true), path[length - 1]);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
};

const keyNodeIn = (parent: unknown, key: PropertyKey | undefined): unknown => {
  if (isMap(parent)) return parent.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.key;
  return isSeq(parent) && typeof key === 'number' ? parent.items[key] : undefined;
};
