import {
  ConfigServiceClient,
  StartConfigRulesEvaluationCommand,
  type StartConfigRulesEvaluationCommandInput,
  type StartConfigRulesEvaluationCommandOutput,
  paginateDescribeConfigRules,
} from '@aws-sdk/client-config-service';
import type { FinalizeRequestMiddleware } from '@smithy/types';
import * as z from 'zod';

import { hasCode, permanent } from '../base/errors.ts';
import type { Session } from '../aws/session.ts';
import type { Rule } from '../rule/rule.ts';
import { updateRow, type Table } from '../state/table.ts';
import { isRuleOf } from './config-rule-name.ts';

/**
 * Asks AWS Config to evaluate again after a fix, for rules that no change event triggers.
 * At most once per rule, account and minute, which is AWS Config's limit. A rule that reads items is left out: AWS
 * Config would evaluate the last known item, which brings the old verdict back, and the fix raises a change event.
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
    // Another run asked less than a minute ago; the schedule evaluates again anyway.
    if (!hasCode(error, ASKED_ALREADY, 'LimitExceededException', 'ResourceInUseException')) throw error;
  }
};

/** Stops the SDK's retries. It takes this refusal for throttling, but AWS Config refuses for a whole minute. */
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
  permanent(
    ASKED_ALREADY,
    `AWS Config was asked to evaluate ${name} less than a minute ago. Try again later.`,
    error,
  );

const MINUTE_MS = 60_000;
const Asked = z.object({ at: z.iso.datetime().transform((text) => new Date(text)) });

const isFirstThisMinute = async (
  { command }: Rule,
  { accountId, region }: Session,
  table: Table,
  now: Date,
): Promise<boolean> => {
  const pk = `look-again#${accountId}#${region}#${command}`;
  return updateRow(table, { pk, sk: 'last' }, (row) =>
    row && now.getTime() - Asked.parse(row.data).at.getTime() < MINUTE_MS
      ? undefined
      : { data: { at: now.toISOString() }, expiresAt: new Date(now.getTime() + 60 * MINUTE_MS) },
  );
};
