import {
  ConfigServiceClient,
  StartConfigRulesEvaluationCommand,
  type StartConfigRulesEvaluationCommandInput,
  type StartConfigRulesEvaluationCommandOutput,
  paginateDescribeConfigRules,
} from '@aws-sdk/client-config-service';
import type { FinalizeRequestMiddleware } from '@smithy/types';
import * as z from 'zod';

import { isRuleOf } from './config-rule-name.ts';
import { hasCode, permanent } from '../base/errors.ts';
import type { Rule } from '../rule/rule.ts';
import type { Session } from '../aws/session.ts';
import type { Table } from '../state/table.ts';

/**
 * Asks AWS Config to judge again after a fix, for rules that no change event of the resource will wake. At most once
 * per rule, account and minute, as AWS Config allows. A rule that reads items is left out: it would be judged by the
 * last known one, which brings the old verdict back, and its fix raises an event of its own.
 */
export const requestReevaluation = async (
  rule: Rule,
  session: Session,
  table: Table,
  now: Date,
): Promise<void> => {
  const readsItems = rule.triggers[0] === 'change' && rule.observe.item !== undefined;
  if (readsItems || !(await isFirstThisMinute(rule, session, table, now))) return;
  const client = session.client(ConfigServiceClient);
  for await (const { ConfigRules = [] } of paginateDescribeConfigRules({ client }, {}))
    for (const { ConfigRuleName } of ConfigRules)
      if (ConfigRuleName !== undefined && isRuleOf(rule.command, ConfigRuleName))
        await start(client, ConfigRuleName);
};

const start = async (client: ConfigServiceClient, name: string) => {
  const command = new StartConfigRulesEvaluationCommand({ ConfigRuleNames: [name] });
  command.middlewareStack.addRelativeTo(refusedAtOnce(name), {
    name: 'refusedAtOnce',
    relation: 'after',
    toMiddleware: 'retryMiddleware',
  });
  try {
    await client.send(command);
  } catch (error) {
    // Somebody else asked less than a minute ago; the schedule will look in any case.
    if (!hasCode(error, ASKED_ALREADY, 'LimitExceededException', 'ResourceInUseException')) throw error;
  }
};

/** The SDK takes this refusal for throttling, and would try for half a minute what is refused for a whole one. */
const refusedAtOnce =
  (name: string): FinalizeRequestMiddleware<Input, Output> =>
  (next) =>
  async (args) => {
    try {
      return await next(args);
    } catch (error) {
      throw hasCode(error, 'LimitExceededException') ? askedAlready(name, error) : error;
    }
  };

type Input = StartConfigRulesEvaluationCommandInput;
type Output = StartConfigRulesEvaluationCommandOutput;

const ASKED_ALREADY = 'asked-already';

const askedAlready = (name: string, error: unknown) =>
  permanent(ASKED_ALREADY, `AWS Config was asked less than a minute ago to judge ${name} again.`, error);

const MINUTE_MS = 60_000;
const Asked = z.object({ at: z.iso.datetime().transform((text) => new Date(text)) });

const isFirstThisMinute = async (
  { command }: Rule,
  { accountId, region }: Session,
  table: Table,
  now: Date,
): Promise<boolean> => {
  const pk = `look-again#${accountId}#${region}#${command}`;
  const row = await table.get(pk, 'last');
  if (row && now.getTime() - Asked.parse(row.data).at.getTime() < MINUTE_MS) return false;
  return table.put({
    pk,
    sk: 'last',
    data: { at: now.toISOString() },
    expiresAt: new Date(now.getTime() + 60 * MINUTE_MS),
    expected: row?.version ?? 0,
  });
};
