import { loadAllRules, loadRule } from '@compliance/registry';

import { assertRule } from '../../input/unknown-rule.ts';
import { describeRule, ruleDetails } from './render.ts';

interface OutputOptions {
  readonly json: boolean;
}

export const listRules = async ({ json }: OutputOptions): Promise<string> => {
  const rules = (await loadAllRules()).map(ruleDetails);
  if (json) return `${JSON.stringify(rules, null, 2)}\n`;
  const width = Math.max(...rules.map(({ command }) => command.length));
  return rules
    .map(({ command, severity, title }) => `${command.padEnd(width)}  ${severity.padEnd(8)}  ${title}\n`)
    .join('');
};

/** @throws {UsageError} when the rule does not exist */
export const showRule = async (command: string, { json }: OutputOptions): Promise<string> => {
  assertRule(command);
  const details = ruleDetails(await loadRule(command));
  return json ? `${JSON.stringify(details, null, 2)}\n` : describeRule(details);
};
