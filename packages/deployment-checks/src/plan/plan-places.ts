import * as z from 'zod';

import type { PlanJson, ResourceChange, StateModule } from './plan-json.ts';

/** Partition, account and Region of a resource in a plan. */
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
 * Finds the place of each resource of a plan. In order: the resource's ARN; the data sources for caller identity and
 * Region of its module or an enclosing one; the given default.
 */
export const createPlaceLookup = (plan: PlanJson, given: Partial<PlanPlace> = {}) => {
  const modules = new Map<string, Partial<PlanPlace>>();
  const visit = ({ address = '', resources = [], child_modules = [] }: StateModule): void => {
    const places = resources.filter(({ mode }) => mode === 'data').map(placeInDataSource);
    modules.set(
      address,
      places.reduce((place, more) => ({ ...place, ...more }), {}),
    );
    for (const child of child_modules) visit(child);
  };
  if (plan.prior_state?.values) visit(plan.prior_state.values.root_module);

  return (
    { module_address: moduleAddress, type }: Pick<ResourceChange, 'module_address' | 'type'>,
    values: unknown,
  ): Partial<PlanPlace> => {
    const inModules = enclosing(moduleAddress).map((address) => modules.get(address));
    return [given, ...inModules, ...(type === EVENT_TARGET ? [] : [placeInArn(values)])].reduce<
      Partial<PlanPlace>
    >((place, more) => ({ ...place, ...more }), { partition: 'aws' });
  };
};

// Its `arn` is that of the target.
const EVENT_TARGET = 'aws_cloudwatch_event_target';

const placeInDataSource = ({
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

const placeInArn = (values: unknown): Partial<PlanPlace> => {
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
