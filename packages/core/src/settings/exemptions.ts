import * as z from 'zod';

import { AccountId } from '../base/account-id.ts';
import { isGlobMatch } from '../base/glob.ts';
import { parseOrThrow } from '../base/parse.ts';
import type { Resource } from '../aws/resource.ts';
import type { Rule } from '../rule/rule.ts';
import type { Account } from './settings.ts';

const day = z.iso.date();

/** An accepted violation, until a date. An absent matcher matches everything; all given ones must match. */
export const Exemption = z
  .strictObject({
    id: z.string().regex(/^[\w-]{1,60}$/),
    /** Resource ids or ARNs; `*` matches any run of characters. */
    resources: z.array(z.string().min(1)).optional(),
    /** Exact keys; in values, `*` matches any run of characters. */
    tags: z.record(z.string(), z.string()).optional(),
    accounts: z.array(AccountId).optional(),
    /** Each covers its accounts and those of the OUs below it: `Root/Workloads` covers `Root/Workloads/Prod`. */
    ous: z.array(z.string()).optional(),
    regions: z.array(z.string()).optional(),
    commands: z.array(z.string()).optional(),
    /** `cis-7.0/4.1` */
    controls: z.array(z.string()).optional(),
    reason: z.string().min(1),
    owner: z.string().min(1),
    approver: z.string().min(1),
    ticket: z.string().min(1),
    /** The end date (UTC), exclusive. */
    expires: day,
  })
  .refine(
    ({ resources, tags, accounts, ous, commands, controls }) =>
      resources?.every((pattern) => /[^*]/.test(pattern)) ||
      Object.keys(tags ?? {}).length > 0 ||
      [accounts, ous, commands, controls].some((matcher) => matcher !== undefined),
    'names neither resources, tags, accounts, ous, commands nor controls: it would exempt everything',
  );
export type Exemption = Readonly<z.infer<typeof Exemption>>;

/** The file and the object: a list under one key. */
export const Exemptions = z.strictObject({ exemptions: z.array(Exemption) });
export type Exemptions = z.infer<typeof Exemptions>;

/** Loads the exemptions. Rejects when they cannot be read: then nothing is fixed. */
export type ExemptionsSource = () => Promise<readonly Exemption[]>;

/** @throws {ComplianceError} permanent `malformed-exemptions`: silence is never permission */
export const parseExemptions = (input: unknown): readonly Exemption[] =>
  parseOrThrow(Exemptions, input, { code: 'malformed-exemptions', what: 'exemptions' }).exemptions;

export interface ExemptionTarget {
  readonly rule: Pick<Rule, 'command' | 'controls'>;
  readonly account: Account;
  readonly region: string;
  readonly resource: Resource;
}

/**
 * The exemption that covers a violation now; of several, the one that ends last.
 * An exemption that lasts longer than `maxDays` is not valid.
 */
export const exemptionFor = (
  exemptions: readonly Exemption[],
  target: ExemptionTarget,
  now: Date,
  maxDays = Infinity,
): Exemption | undefined =>
  exemptions
    .filter((exemption) => now < endOf(exemption) && daysUntil(exemption, now) <= maxDays)
    .filter((exemption) => covers(exemption, target))
    .toSorted((a, b) => endOf(b).getTime() - endOf(a).getTime())[0];

/** Days until an exemption ends; negative after its end. */
export const daysUntil = (exemption: Exemption, now: Date): number =>
  Math.ceil((endOf(exemption).getTime() - now.getTime()) / 86_400_000);

/** The annotation of an exempt resource in AWS Config. */
export const exemptAnnotation = ({ id, expires }: Exemption): string => `Exempt by ${id} until ${expires}.`;

/**
 * Whether any member account can claim the exemption by tagging a resource: it names a tag, and neither accounts nor OUs.
 * Such exemptions are not published any more. Those of a stored file stay valid, because a refused file stops every fix;
 * each sweep reports them.
 */
export const reachesEveryAccount = ({ tags, accounts, ous }: Exemption): boolean =>
  tags !== undefined && accounts === undefined && ous === undefined;

/** Whether an account is in an OU or below it. OUs are paths, which match at `/` only. */
export const isInOu = ({ ou }: Pick<Account, 'ou'>, of: string): boolean => {
  const [path, ancestor] = [ou ?? '', of].map((one) => one.replace(/\/+$/, ''));
  return ancestor !== '' && (path === ancestor || path?.startsWith(`${ancestor}/`) === true);
};

const endOf = ({ expires }: Exemption) => new Date(`${expires}T00:00:00Z`);

const covers = (exemption: Exemption, { rule, account, region, resource }: ExemptionTarget): boolean => {
  const { resources, tags, accounts, ous, regions, commands, controls } = exemption;
  const ids = [resource.resourceId, resource.resourceName, resource.arn].filter((id) => id !== undefined);
  const controlIds = Object.entries(rule.controls).flatMap(([framework, numbers]) =>
    numbers.map((number) => `${framework}/${number}`),
  );
  return (
    (resources?.some((pattern) => ids.some((id) => isGlobMatch(pattern, id))) ?? true) &&
    (tags === undefined ||
      Object.entries(tags).every(([name, pattern]) => hasTag(resource, name, pattern))) &&
    (accounts?.includes(account.id) ?? true) &&
    (ous?.some((ou) => isInOu(account, ou)) ?? true) &&
    (regions?.includes(region) ?? true) &&
    (commands?.includes(rule.command) ?? true) &&
    (controls?.some((control) => controlIds.includes(control)) ?? true)
  );
};

const hasTag = ({ tags }: Resource, name: string, pattern: string) => {
  const value = tags?.[name];
  return value !== undefined && isGlobMatch(pattern, value);
};
