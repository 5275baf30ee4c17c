import { LambdaClient, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { FUNCTIONS, POLICY_STATEMENTS, policyOrganization } from '@compliance/infra';
import pMap from 'p-map';

import type { Place } from '../base/access.ts';
import { readStatementIds } from '../base/read-statement-ids.ts';
import { selectedRegions, type DeployContext } from '../context/deploy-context.ts';

interface FormerStatement {
  readonly place: Place;
  readonly FunctionName: string;
  readonly StatementId: string;
}

/** The statements of whole policies in the functions' policies, where the settings no longer choose such policies. */
export const findFormerStatements = async (context: DeployContext): Promise<readonly FormerStatement[]> => {
  const { organization } = context.settings;
  if (policyOrganization(organization) !== undefined) return [];
  const found = await pMap(
    selectedRegions(context).map((region) => ({ accountId: organization.masterAccountId, region })),
    async (place) => {
      const lambda = await context.client(LambdaClient, place);
      const each = KEYS.map(async (key) => {
        const former = { place, FunctionName: FUNCTIONS[key], StatementId: POLICY_STATEMENTS[key] };
        const ids = await readStatementIds(lambda, former.FunctionName);
        return ids.includes(former.StatementId) ? [former] : [];
      });
      return (await Promise.all(each)).flat();
    },
    { concurrency: context.options.PARALLEL },
  );
  return found.flat();
};

/** Removes them, once the statements that replace them are there. */
export const removeFormerStatements = async (
  context: DeployContext,
  former: readonly FormerStatement[],
): Promise<void> => {
  for (const { place, FunctionName, StatementId } of former) {
    const lambda = await context.client(LambdaClient, place);
    await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId }));
    context.say(`${FunctionName} in ${place.region}: removed the statement ${StatementId}`);
  }
};

const KEYS = ['rule', 'remediation'] as const;
