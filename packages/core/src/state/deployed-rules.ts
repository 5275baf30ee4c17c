import * as z from 'zod';

import { updateRow, type Table, type TableItem } from './table.ts';

/** The source of a rule that runs in a Region. */
const Deployed = z.object({ source: z.string() });

interface DeployedRule {
  readonly command: string;
  readonly region: string;
  readonly source: string;
}

/** What ran before, when another source of a rule runs now. `since`: the same for all runs that notice it. */
export const changedSource = async (
  table: Table,
  rule: DeployedRule,
): Promise<{ readonly since: string; readonly previousSource?: string } | undefined> => {
  const row = await table.get(partitionOf(rule), SORT_KEY);
  const previousSource = row && sourceIn(row);
  if (previousSource === rule.source) return undefined;
  const since = `deployment ${(row?.version ?? 0) + 1} of ${rule.command} in ${rule.region}`;
  return previousSource === undefined ? { since } : { since, previousSource };
};

/** Records the source that runs now. Of two runs that do, either is good enough. */
export const recordSource = async (table: Table, rule: DeployedRule): Promise<void> => {
  const { source } = rule;
  await updateRow(table, { pk: partitionOf(rule), sk: SORT_KEY }, (row) =>
    row && sourceIn(row) === source ? undefined : { data: { source } },
  );
};

const sourceIn = ({ data }: TableItem) => Deployed.parse(data).source;

const SORT_KEY = 'source';
const partitionOf = ({ command, region }: DeployedRule) => `rule#${command}#${region}`;
