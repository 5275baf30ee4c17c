import { existsSync } from 'node:fs';

import leven from 'leven';
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import * as z from 'zod';

import { UsageError } from '../output/exit-codes.ts';
import { readText } from './read-text.ts';

/** A parsed file that still knows where each of its members stands. */
export interface YamlFile<T> {
  readonly value: T;
  /** `compliance.yaml:12:5` */
  readonly placeOf: (path: readonly PropertyKey[]) => string;
  /** Whether the file itself says it, and not a default. */
  readonly says: (path: readonly PropertyKey[]) => boolean;
}

/** The file that was named, else the one of the usual name in this folder, else none. */
export const readYaml = async <T>(
  schema: z.ZodType<T>,
  usualName: string,
  path?: string,
): Promise<YamlFile<T> | undefined> => {
  if (path === undefined && !existsSync(usualName)) return undefined;
  const file = path ?? usualName;
  return parseYaml(schema, await readText(file), file);
};

/** @throws {UsageError} with the line of each mistake, and the nearest known name of an unknown key */
export const parseYaml = <T>(schema: z.ZodType<T>, text: string, file: string): YamlFile<T> => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeAt = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const broken = document.errors.map(({ pos, message }) => `${placeAt(pos[0])}: ${message}`);
  if (broken.length > 0) throw new UsageError(broken.join('; '));

  const placeOf = (path: readonly PropertyKey[]) => placeAt(offsetOf(document, path));
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return { value: parsed.data, placeOf, says: (path) => document.hasIn(path) };
  const mistakes = parsed.error.issues.flatMap((issue) => mistakesOf(issue, schema));
  throw new UsageError(
    mistakes
      .map(
        ({ path, message }) => `${placeOf(path)}:${path.length > 0 ? ` ${path.join('.')}` : ''}: ${message}`,
      )
      .join('; '),
  );
};

interface Mistake {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

const mistakesOf = (issue: z.core.$ZodIssue, schema: z.ZodType): readonly Mistake[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({
        path: [...issue.path, key],
        message: `unknown key${didYouMean(key, keysAt(schema, issue.path))}`,
      }))
    : [{ path: issue.path, message: issue.message }];

/** ` - did you mean 'accounts'?`, where something known is near. */
export const didYouMean = (word: string, known: readonly string[]): string => {
  const [nearest] = known
    .map((candidate) => ({ candidate, distance: leven(word.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance);
  return nearest && nearest.distance <= Math.max(2, word.length / 3)
    ? ` - did you mean '${nearest.candidate}'?`
    : '';
};

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

// What is missing has no place; then it is missing from its parent, which has one.
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
