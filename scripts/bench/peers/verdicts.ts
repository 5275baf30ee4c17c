import type { Rule } from '../../../packages/core/src/index.ts';

/** What a program says of a resource under a rule of ours, or under one of its own checks. */
export interface Verdict {
  /** Our command, or the name of a check. */
  readonly of: string;
  readonly region: string;
  /** The ARN, or another id that ends as the ARN does. */
  readonly resource: string;
  readonly passes: boolean;
}

/** A requirement that a rule of ours and checks of another program judge. */
export interface Question {
  readonly requirement: string;
  readonly rule: Pick<Rule, 'command' | 'resourceType' | 'deploy'>;
  readonly checks: readonly string[];
}

/** One resource on which the programs disagree. */
export interface Disagreement {
  readonly requirement: string;
  readonly command: string;
  readonly resource: string;
  readonly ours: 'passes' | 'fails';
}

export interface Comparison {
  /** Requirements of which both judged the same resource. */
  readonly requirements: readonly string[];
  /** How many pairs of a question and a resource both judged. */
  readonly shared: number;
  readonly disagreements: readonly Disagreement[];
  /** How many only one of them judged. */
  readonly onlyOurs: number;
  readonly onlyTheirs: number;
}

/** Compares what two programs say of the same resources. Of several checks on a resource, the worst counts. */
export const compareVerdicts = (
  questions: readonly Question[],
  { ours, theirs }: { readonly ours: readonly Verdict[]; readonly theirs: readonly Verdict[] },
): Comparison => {
  const oursOf = Map.groupBy(ours, (verdict) => verdict.of);
  const theirsOf = Map.groupBy(theirs, (verdict) => verdict.of);
  const compared = questions.map(({ requirement, rule, checks }) => {
    const we = worstByResource(rule, oursOf.get(rule.command) ?? []);
    const they = worstByResource(
      rule,
      checks.flatMap((check) => theirsOf.get(check) ?? []),
    );
    const shared = [...we].flatMap(([resource, passes]) => {
      const theyPass = they.get(resource);
      return theyPass === undefined ? [] : [{ resource, passes, isSame: passes === theyPass }];
    });
    return { requirement, command: rule.command, we, they, shared };
  });
  const asked = compared.filter(({ they }) => they.size > 0);
  return {
    requirements: [
      ...new Set(compared.flatMap(({ requirement, shared }) => (shared.length > 0 ? [requirement] : []))),
    ],
    shared: sum(compared, ({ shared }) => shared.length),
    disagreements: compared.flatMap(({ requirement, command, shared }) =>
      shared.flatMap(({ resource, passes, isSame }): Disagreement[] =>
        isSame ? [] : [{ requirement, command, resource, ours: passes ? 'passes' : 'fails' }],
      ),
    ),
    onlyOurs: sum(asked, ({ we, shared }) => we.size - shared.length),
    onlyTheirs: sum(asked, ({ they, shared }) => they.size - shared.length),
  };
};

/** A question about the account has one answer, or one in each Region where the rule is in each. */
const worstByResource = (
  { resourceType, deploy }: Question['rule'],
  verdicts: readonly Verdict[],
): ReadonlyMap<string, boolean> => {
  const keyOf = ({ region, resource }: Verdict) =>
    resourceType !== 'AWS::::Account'
      ? lastPart(resource)
      : deploy === 'every-region'
        ? region
        : 'the account';
  return new Map(
    [...Map.groupBy(verdicts, keyOf)].map(([key, of]) => [key, of.every(({ passes }) => passes)]),
  );
};

/** `bucket-1` of `arn:aws:s3:::bucket-1`, `user-1` of `arn:aws:iam::111122223333:user/user-1`. */
export const lastPart = (resource: string): string => resource.split(/[:/]/).at(-1) ?? resource;

const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
