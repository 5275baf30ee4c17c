import {
  ConfigServiceClient,
  StartConfigRulesEvaluationCommand,
  paginateDescribeConfigRules,
} from '@aws-sdk/client-config-service';

import { isRuleOf } from './config-rule-name.ts';
import { hasCode } from './errors.ts';
import type { Rule } from './rule.ts';
import type { Session } from './session.ts';
import type { Table } from './state/table.ts';

/**
 * Asks AWS Config to judge again after a fix, for rules that no change event of the resource will wake. At most once
 * per rule, account and minute, as AWS Config allows. A rule that reads items is left out: it would be judged by the
 * last known one, which brings the old verdict back, and its fix raises an event of its own.
 */
export const lookAgain = async (rule: Rule, session: Session, table: Table, now: Date): Promise<void> => {
  const readsItems = rule.triggers[0] === 'change' && rule.observe.item !== undefined;
  if (readsItems || !(await isFirstThisMinute(rule, session, table, now))) return;
  const client = session.client(ConfigServiceClient);
  for await (const { ConfigRules = [] } of paginateDescribeConfigRules({ client }, {}))
    for (const { ConfigRuleName } of ConfigRules)
      if (ConfigRuleName !== undefined && isRuleOf(rule.command, ConfigRuleName))
        await start(client, ConfigRuleName);
};

const start = async (client: ConfigServiceClient, name: string) => {
  try {
    await client.send(new StartConfigRulesEvaluationCommand({ ConfigRuleNames: [name] }));
  } catch (error) {
    // Somebody else asked less than a minute ago; the schedule will look in any case.
    if (!hasCode(error, 'LimitExceededException', 'ResourceInUseException')) throw error;
  }
};

const isFirstThisMinute = async (
  { command }: Rule,
  { accountId, region }: Session,
  table: Table,
  now: Date,
) => {
  const sk = now.toISOString().slice(0, 16);
  const expiresAt = new Date(now.getTime() + 3_600_000);
  return (
    (await table.add({
      pk: `look-again#${accountId}#${region}#${command}`,
      sk,
      amount: 1,
      limit: 1,
      expiresAt,
    })) === 1
  );
};
