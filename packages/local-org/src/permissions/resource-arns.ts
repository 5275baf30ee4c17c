import { partitionOf } from '@compliance/core';
import { texts, type Call } from '../protocol/call.ts';
import { RESOURCE_PARAMETERS } from './resource-parameters.ts';
import type { ResourceType } from './service-authorization.ts';

/**
 * The ARNs of the resources that a call needs permission for. A required type that the call does not name, such as
 * what it creates, is `<type>/*`: only a policy for all of the type allows it. Where nothing fits: `*`.
 */
export const resourcesOf = (call: Call, types: readonly ResourceType[]): readonly string[] => {
  const arns = types.flatMap(({ arnPatterns, required }) => {
    const named = arnPatterns.flatMap((pattern) => arnsOf(call, pattern));
    if (named.length > 0 || !required) return named;
    return arnPatterns.map((pattern) => inPlace(call, pattern).replaceAll(PLACEHOLDER, '*'));
  });
  return arns.length === 0 ? ['*'] : [...new Set(arns)];
};

const PLACEHOLDER = /\$\{(\w+)\}/g;

/** The ARNs of one pattern whose placeholders are all among the parameters. */
const arnsOf = (call: Call, pattern: string): readonly string[] => {
  const placeholders = [...inPlace(call, pattern).matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  const isArn = arnMatcher(pattern);
  let arns = [inPlace(call, pattern)];
  for (const name of placeholders) {
    const values = valuesOf(call, name);
    arns = arns.flatMap((arn) =>
      values.flatMap((value) => {
        if (!value.startsWith('arn:')) return [arn.replace(`\${${name}}`, () => value)];
        return isArn.test(value) ? [value] : [];
      }),
    );
  }
  return arns.length > 0 ? arns : parametersOf(call).filter((value) => isArn.test(value));
};

/** The pattern in the caller's partition, Region and account. */
const inPlace = ({ region, accountId }: Call, pattern: string): string =>
  pattern
    .replaceAll('${Partition}', partitionOf(region))
    .replaceAll('${Region}', region)
    .replaceAll('${Account}', accountId);

/** Matches the ARNs of a pattern in any account. */
const arnMatcher = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split(PLACEHOLDER)
      .map((part, index) => (index % 2 === 0 ? part.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`) : part))
      .map((part, index) =>
        index % 2 === 0 ? part : /^(?:Partition|Region|Account)$/.test(part) ? '[^:]*' : '.+',
      )
      .join('')}$`,
  );

/** The values of a placeholder: from the parameters listed for it, or from the one that has its name. */
const valuesOf = (call: Call, placeholder: string): readonly string[] => {
  const listed = RESOURCE_PARAMETERS[`${call.service}:${placeholder}`];
  if (typeof listed === 'function') return listed(call);
  const names = listed ?? sameName(call, placeholder);
  return names.flatMap((name) => texts(call, name));
};

/** Parameters differ from placeholders by case and number: `${LogGroupName}` is `logGroupName`, `${VpcId}` `VpcIds`. */
const sameName = (call: Call, placeholder: string): readonly string[] =>
  Object.keys(call.input).filter((name) =>
    [placeholder, `${placeholder}s`].some((word) => word.toLowerCase() === name.toLowerCase()),
  );

const parametersOf = (call: Call): readonly string[] =>
  Object.keys(call.input).flatMap((name) => texts(call, name));
