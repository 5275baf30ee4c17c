import * as z from 'zod';

import { defined } from '../base/defined.ts';
import { Json, canonical, isPlainObject } from '../base/json.ts';

/**
 * A step into a document: a member's name, or the key of an array element.
 * The key is the element's Sid or Id, otherwise its canonical content. Never an index: after another edit, an index
 * may name another element.
 */
const Segment = z.union([z.string(), z.object({ element: z.string() })]);
type Segment = z.infer<typeof Segment>;

/** One edit at one path. Without `before` the value is added; without `after` it is removed. */
const Delta = z.object({
  path: z.array(Segment),
  before: Json.optional(),
  after: Json.optional(),
  /** The element's place in its array: a hint for order, never an address. */
  position: z.number().optional(),
});
export type Delta = z.infer<typeof Delta>;

export const Difference = z.array(Delta);
export type Difference = z.infer<typeof Difference>;

/** The edits that turn `before` into `after`, path by path. */
export const differenceOf = (before: Json, after: Json, path: Segment[] = []): Difference => {
  if (canonical(before) === canonical(after)) return [];
  if (isObject(before) && isObject(after)) return memberDifferences(before, after, path);
  if (isArray(before) && isArray(after) && areKeyed(before) && areKeyed(after))
    return elementDifferences(before, after, path);
  return [{ path, before, after }];
};

/** Applies a difference to a document. Paths that it does not name stay as they are. */
export const applyDifference = (document: Json, difference: Difference): Json =>
  difference.reduce((current, delta) => applyAt(current, delta, delta.path), document);

/** The difference that reverts this one. Elements return first to last, so that each finds its old place. */
export const inverse = (difference: Difference): Difference => {
  const back = difference.map(({ path, before, after, position }) => ({
    path,
    ...defined({ before: after, after: before, position }),
  }));
  const isInsertion = ({ before, position }: Delta) => position !== undefined && before === undefined;
  return [...back.filter((delta) => !isInsertion(delta)).toReversed(), ...back.filter(isInsertion)];
};

/** The deltas that conflict with the document: somebody else changed their path. */
export const conflictsWith = (document: Json, difference: Difference): Difference =>
  difference.filter(({ path, before }) => {
    const found = valueAt(document, path);
    return before === undefined
      ? found !== undefined
      : found === undefined || canonical(found) !== canonical(before);
  });

/** One line for a person: `Statement[AllowAudit].Effect: "Deny" → "Allow"`. */
export const describeDelta = ({ path, before, after }: Delta): string => {
  const shown = (value: Json | undefined) => (value === undefined ? '(absent)' : JSON.stringify(value));
  return `${pathText({ path })}: ${shown(before)} → ${shown(after)}`;
};

/** `Statement[AllowAudit].Effect` */
export const pathText = ({ path }: Pick<Delta, 'path'>): string => {
  const place = path.map((step) => (typeof step === 'string' ? `.${step}` : `[${step.element}]`)).join('');
  return place.replace(/^\./, '') || '(whole document)';
};

type JsonObject = { [key: string]: Json };

const isArray = (value: Json): value is Json[] => Array.isArray(value);
const isObject = (value: Json): value is JsonObject => isPlainObject(value);

// A member may have the name of one that every object inherits, such as `constructor`.
const memberOf = (object: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;

/** The name of an array element that survives its neighbours' edits. */
const elementKey = (element: Json): string => {
  const name = isObject(element) ? (element['Sid'] ?? element['Id'] ?? element['ID']) : undefined;
  return typeof name === 'string' && name !== '' ? name : canonical(element);
};

const areKeyed = (array: Json[]) => new Set(array.map(elementKey)).size === array.length;

const memberDifferences = (before: JsonObject, after: JsonObject, path: Segment[]): Difference =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .toSorted()
    .flatMap((name) => differenceAt(memberOf(before, name), memberOf(after, name), [...path, name]));

const elementDifferences = (before: Json[], after: Json[], path: Segment[]): Difference => {
  const old = new Map(before.map((element, position) => [elementKey(element), { element, position }]));
  const now = new Map(after.map((element, position) => [elementKey(element), { element, position }]));
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) =>
    differenceAt(old.get(key)?.element, now.get(key)?.element, [...path, { element: key }]).map((delta) =>
      delta.path.length === path.length + 1
        ? { ...delta, position: (old.get(key) ?? now.get(key))?.position ?? 0 }
        : delta,
    ),
  );
};

const differenceAt = (before: Json | undefined, after: Json | undefined, path: Segment[]): Difference => {
  if (before === undefined) return after === undefined ? [] : [{ path, after }];
  return after === undefined ? [{ path, before }] : differenceOf(before, after, path);
};

const valueAt = (document: Json | undefined, path: Segment[]): Json | undefined => {
  const [step, ...rest] = path;
  if (step === undefined || document === undefined) return document;
  if (typeof step === 'string')
    return isObject(document) ? valueAt(memberOf(document, step), rest) : undefined;
  return isArray(document)
    ? valueAt(
        document.find((element) => elementKey(element) === step.element),
        rest,
      )
    : undefined;
};

const applyAt = (document: Json | undefined, delta: Delta, path: Segment[]): Json => {
  const [step, ...rest] = path;
  if (step === undefined) return delta.after ?? null;
  return typeof step === 'string'
    ? applyToMember(document, step, delta, rest)
    : applyToElement(document, step.element, delta, rest);
};

const applyToMember = (document: Json | undefined, name: string, delta: Delta, rest: Segment[]): Json => {
  const object = document !== undefined && isObject(document) ? document : {};
  if (rest.length > 0 || delta.after !== undefined)
    return { ...object, [name]: applyAt(memberOf(object, name), delta, rest) };
  const { [name]: _, ...others } = object;
  return others;
};

const applyToElement = (document: Json | undefined, key: string, delta: Delta, rest: Segment[]): Json => {
  const array = document !== undefined && isArray(document) ? document : [];
  const index = array.findIndex((element) => elementKey(element) === key);
  if (rest.length === 0 && delta.after === undefined) return array.filter((_, at) => at !== index);
  const element = applyAt(array[index], delta, rest);
  return index === -1
    ? array.toSpliced(delta.position ?? array.length, 0, element)
    : array.with(index, element);
};
