import {
  allows,
  applicableTo,
  concernsAccount,
  type Account,
  type Mode,
  type Rule,
  type Settings,
} from '@compliance/core';
import { isSelected } from '@compliance/frameworks';

type DeployableRule = Pick<Rule, 'command' | 'only' | 'controls' | 'equivalents'>;

/** The mode of a rule in an account: `off` where the rule does not concern the account, or no selected framework names it. */
export const modeIn = (settings: Settings, account: Account, rule: DeployableRule): Mode =>
  isSelected(settings, rule) && concernsAccount(rule, settings, account.id)
    ? applicableTo(settings, account, rule.command).mode
    : 'off';

/** Whether the mode of a rule is `least` or higher in any account: all accounts share one pack. */
export const isAllowedSomewhere = (settings: Settings, rule: Rule, least: Mode): boolean =>
  settings.accounts.some((account) => allows(modeIn(settings, account, rule), least));

/** The rules that are not off in at least one account. */
export const enabledRules = (rules: readonly Rule[], settings: Settings): readonly Rule[] =>
  rules.filter((rule) => isAllowedSomewhere(settings, rule, 'observe'));
