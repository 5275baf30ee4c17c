import {
  ACCOUNT_TYPE,
  change,
  compliant,
  defineRule,
  nonCompliant,
  type Change,
  type Rule,
} from '@compliance/core/rule';

import {
  describePasswordPolicy,
  observePasswordPolicy,
  type ObservedPasswordPolicy,
} from './observe-password-policy.ts';
import { PASSWORD_POLICY_PERMISSIONS, passwordPolicy, type PasswordPolicy } from './password-policy.ts';
import { tightenPasswordPolicy } from './tighten-password-policy.ts';

type Description = Pick<
  Rule,
  'command' | 'title' | 'rationale' | 'severity' | 'controls' | 'equivalents' | 'impact'
>;

/** What a rule on passwords says of itself; the rest is the same for all of them. */
interface PasswordRule<Facts, Parameters>
  extends Description, Pick<Rule<Facts, Parameters>, 'parameters' | 'facts'> {
  readonly factsOf: (seen: ObservedPasswordPolicy) => Facts;
  /** What the policy does wrong, after its name and without a full stop; `undefined` when it is compliant. */
  readonly violation: (facts: Facts, parameters: Parameters) => string | undefined;
  readonly fix: (parameters: Parameters) => Pick<Change, 'description' | 'risk'> & {
    readonly settings: (policy: PasswordPolicy) => Partial<PasswordPolicy>;
    /** The arguments of `aws_iam_account_password_policy`. */
    readonly terraform: string;
  };
}

/** Defines a rule on the account's password policy. */
export const definePasswordRule = <Facts extends Pick<ObservedPasswordPolicy, 'custom'>, Parameters>({
  factsOf,
  violation,
  fix,
  equivalents,
  ...rule
}: PasswordRule<Facts, Parameters>): Rule<Facts, Parameters> =>
  defineRule({
    ...rule,
    equivalents: { config: ['IAM_PASSWORD_POLICY'], custodian: ['account: password-policy'], ...equivalents },
    resourceType: ACCOUNT_TYPE,
    deploy: 'home-region',
    triggers: ['schedule'],
    permissions: PASSWORD_POLICY_PERMISSIONS,
    observe: observePasswordPolicy(factsOf),
    judge: (facts, { parameters }) => {
      const found = violation(facts, parameters);
      return found === undefined ? compliant() : nonCompliant(`${describePasswordPolicy(facts)} ${found}.`);
    },
    fix: ({ facts, parameters }) => {
      const { settings, terraform, ...described } = fix(parameters);
      return change({
        ...described,
        steps: [tightenPasswordPolicy(settings, facts)],
        inCode: { terraform: `aws_iam_account_password_policy: ${terraform}` },
      });
    },
    undo: { documents: [passwordPolicy] },
  });
