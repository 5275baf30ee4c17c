import { canonical, isPlainObject } from '@compliance/core';

import type { PlanJson, ResourceChange } from '../plan/plan-json.ts';
import { expressionsOf } from '../plan/references.ts';
import { kindOf } from './change-summary.ts';

/**
 * Every change of a plan by its address: for updates and replacements with each argument that becomes another,
 * for anything with the arguments that are known only after apply and may say who may do what.
 */
export const attributeChanges = (plan: PlanJson): readonly string[] =>
  plan.resource_changes
    .flatMap((resource) => {
      const kind = kindOf(resource);
      if (kind === undefined) return [];
      const isSaid = saidBy(plan, resource);
      const what =
        kind === 'update' || kind === 'replace'
          ? changedArguments(resource, isSaid)
          : hiddenArguments(resource, isSaid);
      return [`${resource.address}: ${kind}${what.length === 0 ? '' : `: ${what.join('; ')}`}`];
    })
    .toSorted();

/** Whether the code gives an argument; the others AWS gives. Without the code, all of them might be given. */
const saidBy = (plan: PlanJson, resource: ResourceChange) => {
  const expressions = expressionsOf(plan, resource);
  return (name: string): boolean => !expressions || Object.hasOwn(expressions, name);
};

const changedArguments = (
  { change }: ResourceChange,
  isSaid: (name: string) => boolean,
): readonly string[] => {
  const { before, after, after_unknown: unknown } = change;
  const names = new Set([
    ...Object.keys(before ?? {}),
    ...Object.keys(after ?? {}),
    ...unknownNames(unknown),
  ]);
  const isSensitive = (name: string) =>
    [change.before_sensitive, change.after_sensitive].some((marks) => isMarked(marks, name));
  return [...names].toSorted().flatMap((name) => {
    if (isMarked(unknown, name))
      return isSaid(name) ? [`${name} becomes what is known only after apply`] : [];
    const [was, is] = [before?.[name], after?.[name]];
    if (textOf(was) === textOf(is)) return [];
    return isSensitive(name)
      ? [`${name} changes, its value is not shown`]
      : [`${name} ${contrast(textOf(was), textOf(is))}`];
  });
};

/** Of what comes or goes as a whole, only what nobody can see yet. */
const hiddenArguments = (
  { change: { after_unknown: unknown } }: ResourceChange,
  isSaid: (name: string) => boolean,
): readonly string[] => {
  const hidden = unknownNames(unknown).filter((name) => SPEAKING.includes(name) && isSaid(name));
  return hidden.length === 0 ? [] : [`${hidden.toSorted().join(', ')} known only after apply`];
};

/** Arguments that say who may do what, or what runs. */
const SPEAKING = [
  'policy',
  'assume_role_policy',
  'policy_arn',
  'principal',
  'role',
  'content',
  'template_body',
  'template_s3_uri',
  'permissions_boundary',
];

const unknownNames = (unknown: unknown): readonly string[] =>
  isPlainObject(unknown) ? Object.keys(unknown).filter((name) => isMarked(unknown, name)) : [];

/** Terraform marks a whole value with true, and parts of it with a structure of the same shape. */
const isMarked = (marks: unknown, name: string): boolean => isPlainObject(marks) && hasTrue(marks[name]);

const hasTrue = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.some(hasTrue);
  return isPlainObject(value) ? Object.values(value).some(hasTrue) : value === true;
};

/** What nobody set is told in many ways, and all of them are the same. */
const textOf = (value: unknown): string => {
  const text = typeof value === 'string' ? value : canonical(value ?? '');
  return ['', '""', '{}', '[]', 'false'].includes(text) ? 'nothing' : text;
};

const LONG = 80;

/** From where two texts differ, as much as can be read. */
const contrast = (was: string, is: string): string => {
  let same = 0;
  while (same < was.length && was[same] === is[same]) same += 1;
  const from = Math.max(0, same - 10);
  const cut = (text: string) => {
    const start = text.length > LONG && text !== 'nothing' ? from : 0;
    const shown = text.slice(start, start + LONG);
    return `${start > 0 ? '…' : ''}${shown}${start + shown.length < text.length ? '…' : ''}`;
  };
  return `${cut(was)} becomes ${cut(is)}`;
};
