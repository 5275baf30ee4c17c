import { PlanJson, type ResourceChange, type StateModule } from './plan-json.ts';

/** Plans as `terraform show -json` wrote them, by a name each: `master-regional/999988887777/eu-west-1`. */
export type NamedPlans = Readonly<Record<string, unknown>>;

/**
 * One plan of many, each a module of it by its name: what is wired across states can be looked at only together.
 * @throws {Error} naming what is no plan
 */
export const joinPlans = (plans: NamedPlans): unknown => {
  const parsed = Object.entries(plans)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, plan]) => [name, parsePlan(name, plan)] as const);
  const [first] = parsed;
  if (!first) throw new Error('There is no plan to look at.');
  if (parsed.length === 1) return plans[first[0]];
  return {
    format_version: first[1].format_version,
    errored: parsed.some(([, { errored }]) => errored),
    resource_changes: parsed.flatMap(([name, plan]) => plan.resource_changes.map(moved(name))),
    prior_state: {
      values: {
        root_module: {
          child_modules: parsed.flatMap(([name, { prior_state: state }]) =>
            state?.values ? inside(name, state.values.root_module) : [],
          ),
        },
      },
    },
    configuration: {
      root_module: {
        module_calls: Object.fromEntries(
          parsed.map(([name, { configuration }]) => [name, { module: configuration?.root_module ?? {} }]),
        ),
      },
      provider_config: Object.fromEntries(
        parsed.flatMap(([name, { configuration }]) =>
          Object.entries(configuration?.provider_config ?? {}).map(
            ([key, provider]) => [`${name}:${key}`, provider] as const,
          ),
        ),
      ),
    },
  };
};

const parsePlan = (name: string, plan: unknown): PlanJson => {
  const parsed = PlanJson.safeParse(plan);
  if (parsed.success) return parsed.data;
  throw new Error(`${name} is not a plan as 'terraform show -json' writes it.`, { cause: parsed.error });
};

const below = (name: string, address: string): string =>
  [`module.${name}`, address].filter((part) => part !== '').join('.');

const moved = (name: string) => (change: ResourceChange) => ({
  ...change,
  address: below(name, change.address),
  module_address: below(name, change.module_address),
});

const inside = (name: string, { address = '', child_modules = [], ...module }: StateModule): StateModule => ({
  ...module,
  address: below(name, address),
  child_modules: child_modules.map((child) => inside(name, child)),
});
