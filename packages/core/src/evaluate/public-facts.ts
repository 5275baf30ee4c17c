import { asJson, digest, isPlainObject, type Json } from '../base/json.ts';
import type { Rule } from '../rule/rule.ts';

/** The facts as the ledger may hold them: a digest stands for each member that the rule marks as personal. */
export const publicFacts = ({ personal = [] }: Pick<Rule, 'personal'>, facts: unknown): Json =>
  asJson(personal.length === 0 ? facts : withDigests(facts, new Set(personal)));

const withDigests = (value: unknown, personal: ReadonlySet<string>): unknown => {
  if (Array.isArray(value)) return value.map((member: unknown) => withDigests(member, personal));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      personal.has(name) && member !== undefined ? `digest-${digest(member)}` : withDigests(member, personal),
    ]),
  );
};
