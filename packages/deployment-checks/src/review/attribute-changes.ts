import { canonical, isPlainObject } from '@compliance/core';

import type { PlanJson, ResourceChange } from '../plan/plan-json.ts';
import { expressionsOf } from '../plan/references.ts';
import { kindOf } from './change-summary.ts';

/**
 * Describes every change of a plan, by address. Updates and replacements list each changed argument; other changes list
 * the arguments about access that are known only after apply.
 */
export const attributeChanges = (plan: PlanJson): readonly string[] =>
  plan.resource_changes
    .flatMap((resource) => {
      const kind = kindOf(resource);
      if (kind === undefined) return [];
      const isInCode = argumentsInCode(plan, resource);
      const what =
        kind === 'update' || kind === 'replace'
          ? changedArguments(resource, isInCode)
          : hiddenArguments(resource, isInCode);
      return [`${resource.address}: ${kind}${what.length === 0 ? '' : `: ${what.join('; ')}`}`];
    })
    .toSorted();

/** Whether the Terraform code sets an argument; AWS sets the others. Without code, any may be set. */
const argumentsInCode = (plan: PlanJson, resource: ResourceChange) => {
  const expressions = expressionsOf(plan, resource);
  return (name: string): boolean => !expressions || Object.hasOwn(expressions, name);
};

const changedArguments = (
  { change }: ResourceChange,
  isInCode: (name: string) => boolean,
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
    if (isMarked(unknown, name)) return isInCode(name) ? [`${name} is known only after apply`] : [];
    const [was, is] = [before?.[name], after?.[name]];
    if (textOf(was) === textOf(is)) return [];
    return isSensitive(name)
      ? [`${name} changes (sensitive value)`]
      : [`${name} ${contrast(textOf(was), textOf(is))}`];
  });
};

/** For resources created or deleted: the arguments about access that are still unknown. */
const hiddenArguments = (
  { change: { after_unknown: unknown } }: ResourceChange,
  isInCode: (name: string) => boolean,
): readonly string[] => {
  const hidden = unknownNames(unknown).filter((name) => ACCESS_ARGUMENTS.includes(name) && isInCode(name));
  return hidden.length === 0 ? [] : [`${hidden.toSorted().join(', ')} known only after apply`];
};

/** Arguments that decide about access, or about what runs. */
const ACCESS_ARGUMENTS = [
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

/** Whether a mark is set. `true` marks all of a value, a structure marks its parts. */
const isMarked = (marks: unknown, name: string): boolean => isPlainObject(marks) && hasTrue(marks[name]);

const hasTrue = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.some(hasTrue);
  return isPlainObject(value) ? Object.values(value).some(hasTrue) : value === true;
};

/** Maps the many forms of an unset value to one text. */
const textOf = (value: unknown): string => {
  const text = typeof value === 'string' ? value : canonical(value ?? '');
  return ['', '""', '{}', '[]', 'false'].includes(text) ? 'nothing' : text;
};

const LONG = 80;

/** Shows two texts from where they differ, shortened. */
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
