import * as z from 'zod';

import type { DeployedOrganization } from '../model/deployment.ts';
import type { PlanJson, StateModule } from './plan-json.ts';

const Organization = z.object({
  id: z.string(),
  master_account_id: z.string(),
  accounts: z
    .array(
      z.object({
        id: z.string(),
        name: z.string().default(''),
        status: z.string().nullish(),
        state: z.string().nullish(),
      }),
    )
    .optional(),
});

/** The organization that a data source of the plan read; empty if none did. */
export const plannedOrganization = ({ prior_state: state }: PlanJson): DeployedOrganization => {
  const found = state?.values ? organizationsIn(state.values.root_module) : [];
  const [first] = found.flatMap((values) => Organization.safeParse(values).data ?? []);
  if (!first) return {};
  return {
    id: first.id,
    managementAccountId: first.master_account_id,
    accounts: first.accounts?.map(({ id, name, ...account }) => ({
      id,
      name,
      active: (account.state ?? account.status ?? 'ACTIVE') === 'ACTIVE',
    })),
  };
};

const organizationsIn = ({ resources = [], child_modules = [] }: StateModule): readonly unknown[] => [
  ...resources
    .filter(({ mode, type }) => mode === 'data' && type === 'aws_organizations_organization')
    .map(({ values }) => values),
  ...child_modules.flatMap(organizationsIn),
];
