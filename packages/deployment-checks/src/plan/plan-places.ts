import * as z from 'zod';

import type { PlanJson, ResourceChange, StateModule } from './plan-json.ts';

/** Where a resource of a plan is. */
export interface PlanPlace {
  readonly partition: string;
  readonly accountId: string;
  readonly region: string;
}

const Identity = z.object({ account_id: z.string() });
const Region = z.object({ id: z.string() });
const Partition = z.object({ partition: z.string() });
const Arn = z.object({ arn: z.string() });

/**
 * Tells where the resources of a plan are: by their own ARN; else by what the data sources of their module, or of one
 * around it, say of caller and Region; else as the caller of the review says.
 */
export const createPlaceLookup = (plan: PlanJson, given: Partial<PlanPlace> = {}) => {
  const modules = new Map<string, Partial<PlanPlace>>();
  const visit = ({ address = '', resources = [], child_modules = [] }: StateModule): void => {
    const said = resources.filter(({ mode }) => mode === 'data').map(saysOf);
    modules.set(
      address,
      said.reduce((place, more) => ({ ...place, ...more }), {}),
    );
    for (const child of child_modules) visit(child);
  };
  if (plan.prior_state?.values) visit(plan.prior_state.values.root_module);

  return (
    { module_address: moduleAddress, type }: Pick<ResourceChange, 'module_address' | 'type'>,
    values: unknown,
  ): Partial<PlanPlace> => {
    const said = enclosing(moduleAddress).map((address) => modules.get(address));
    return [given, ...said, ...(type === LEADING ? [] : [inArn(values)])].reduce<Partial<PlanPlace>>(
      (place, more) => ({ ...place, ...more }),
      { partition: 'aws' },
    );
  };
};

// Its `arn` is of what it leads to.
const LEADING = 'aws_cloudwatch_event_target';

const saysOf = ({
  type,
  values,
}: {
  readonly type: string;
  readonly values?: unknown;
}): Partial<PlanPlace> => {
  if (type === 'aws_caller_identity') {
    const identity = Identity.safeParse(values);
    return identity.success ? { accountId: identity.data.account_id } : {};
  }
  if (type === 'aws_region') {
    const region = Region.safeParse(values);
    return region.success ? { region: region.data.id } : {};
  }
  const partition = Partition.safeParse(values);
  return type === 'aws_partition' && partition.success ? { partition: partition.data.partition } : {};
};

const inArn = (values: unknown): Partial<PlanPlace> => {
  const parsed = Arn.safeParse(values);
  if (!parsed.success) return {};
  const [, partition = '', , region = '', accountId = ''] = parsed.data.arn.split(':');
  return {
    ...(partition !== '' && { partition }),
    ...(region !== '' && { region }),
    ...(/^\d{12}$/.test(accountId) && { accountId }),
  };
};

/** `module.a["x.y"].module.b` → '', `module.a["x.y"]`, `module.a["x.y"].module.b`. */
const enclosing = (address: string): readonly string[] => {
  const steps = address.match(/module\.[^.[]+(\[("(\\.|[^"\\])*"|\d+)\])?/g) ?? [];
  return ['', ...steps.map((_, index) => steps.slice(0, index + 1).join('.'))];
};
