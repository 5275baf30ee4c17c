import { PlanJson, type ResourceChange, type StateModule } from './plan-json.ts';

/** Plans in the JSON of `terraform show -json`, by name, e.g. `master-regional/999988887777/eu-west-1`. */
export type NamedPlans = Readonly<Record<string, unknown>>;

/**
 * Joins plans into one, each as a module with its name: checks span several Terraform states.
 * @throws {Error} if there is no plan, or naming the one that is not a plan
 */
export const joinPlans = (plans: NamedPlans): unknown => {
  const parsed = Object.entries(plans)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, plan]) => [name, parsePlan(name, plan)] as const);
  const [first] = parsed;
  if (!first) throw new Error('No plans found. Run `make plan` first.');
  if (parsed.length === 1) return plans[first[0]];
  return {
    format_version: first[1].format_version,
    errored: parsed.some(([, { errored }]) => errored),
    resource_changes: parsed.flatMap(([name, plan]) => plan.resource_changes.map(changeUnder(name))),
    prior_state: {
      values: {
        root_module: {
          child_modules: parsed.flatMap(([name, { prior_state: state }]) =>
            state?.values ? moduleUnder(name, state.values.root_module) : [],
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

const prefixed = (name: string, address: string): string =>
  [`module.${name}`, address].filter((part) => part !== '').join('.');

const changeUnder = (name: string) => (change: ResourceChange) => ({
  ...change,
  address: prefixed(name, change.address),
  module_address: prefixed(name, change.module_address),
});

const moduleUnder = (
  name: string,
  { address = '', child_modules = [], ...module }: StateModule,
): StateModule => ({
  ...module,
  address: prefixed(name, address),
  child_modules: child_modules.map((child) => moduleUnder(name, child)),
});
