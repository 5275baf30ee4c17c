import * as z from 'zod';

const Values = z.record(z.string(), z.unknown());

const ResourceChange = z.object({
  address: z.string(),
  module_address: z.string().default(''),
  mode: z.string().default('managed'),
  type: z.string(),
  name: z.string(),
  index: z.union([z.string(), z.number()]).optional(),
  change: z.object({
    actions: z.array(z.string()),
    before: Values.nullish(),
    after: Values.nullish(),
    /** Shaped like `after`, with `true` for values known only after apply. */
    after_unknown: z.unknown(),
    /** Same shape, with `true` for sensitive values. */
    before_sensitive: z.unknown().optional(),
    after_sensitive: z.unknown().optional(),
  }),
});
export type ResourceChange = Readonly<z.infer<typeof ResourceChange>>;

/** Whether an argument is known only after apply. */
export const isUnknown = ({ after_unknown: unknown }: ResourceChange['change'], name: string): boolean =>
  typeof unknown === 'object' && unknown !== null && Reflect.get(unknown, name) === true;

const StateResource = z.object({
  address: z.string(),
  mode: z.string(),
  type: z.string(),
  values: Values.nullish(),
});

interface StateModule {
  readonly address?: string | undefined;
  readonly resources?: readonly z.infer<typeof StateResource>[] | undefined;
  readonly child_modules?: readonly StateModule[] | undefined;
}
const StateModule: z.ZodType<StateModule> = z.lazy(() =>
  z.object({
    address: z.string().optional(),
    resources: z.array(StateResource).optional(),
    child_modules: z.array(StateModule).optional(),
  }),
);

const ConfiguredResource = z.object({
  type: z.string(),
  name: z.string(),
  /** Blocks are lists; only plain attributes are used here. */
  expressions: z.record(z.string(), z.unknown()).default({}),
});

interface ConfiguredModule {
  readonly resources?: readonly z.infer<typeof ConfiguredResource>[] | undefined;
  readonly module_calls?:
    | Readonly<Record<string, { readonly module?: ConfiguredModule | undefined }>>
    | undefined;
}
const ConfiguredModule: z.ZodType<ConfiguredModule> = z.lazy(() =>
  z.object({
    resources: z.array(ConfiguredResource).optional(),
    module_calls: z.record(z.string(), z.object({ module: ConfiguredModule.optional() })).optional(),
  }),
);

/**
 * The output of `terraform show -json`, reduced to the fields used here.
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
export const PlanJson = z.object({
  format_version: z.string().regex(/^1\./, 'only format version 1 of the plan JSON is supported'),
  terraform_version: z.string().optional(),
  errored: z.boolean().default(false),
  resource_changes: z.array(ResourceChange).default([]),
  prior_state: z.object({ values: z.object({ root_module: StateModule }).optional() }).optional(),
  configuration: z
    .object({
      root_module: ConfiguredModule.default({}),
      provider_config: z
        .record(z.string(), z.object({ name: z.string(), version_constraint: z.string().optional() }))
        .optional(),
    })
    .optional(),
});
export type PlanJson = Readonly<z.infer<typeof PlanJson>>;
export type { ConfiguredModule, StateModule };
