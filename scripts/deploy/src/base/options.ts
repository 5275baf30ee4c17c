import * as z from 'zod';

const Flag = z
  .string()
  .default('')
  .transform((value) => ['1', 'yes', 'true'].includes(value.toLowerCase()));
const List = z
  .string()
  .default('')
  .transform((value) => value.split(/[\s,]+/).filter((item) => item !== ''));
const Accounts = List.pipe(z.array(z.string().regex(/^\d{12}$/, 'an account id has 12 digits')));

/** What the make targets take from the environment: `make deploy-member ACCOUNTS=111122223333 YES=1`. */
const Options = z.object({
  /** Deploy to the organization on this machine. */
  LOCAL: Flag,
  /** Do not ask. */
  YES: Flag,
  /** Only these accounts of compliance.yaml. */
  ACCOUNTS: Accounts,
  /** Only these Regions of compliance.yaml. */
  REGIONS: List,
  /** The accounts that a rollout begins with. */
  CANARY: Accounts,
  /** After them, so many accounts at a time; all at once unless said. */
  WAVE: z.coerce.number().int().min(1).optional(),
  /** How long a wave may take AWS Config. */
  WAIT_MINUTES: z.coerce.number().positive().max(600).default(30),
  /** What `status` says, as JSON. */
  JSON: Flag,
  /** The role to take on in accounts other than the one that the credentials are of. */
  MEMBER_ROLE: z.string().default('OrganizationAccountAccessRole'),
  /** The bucket of Terraform's state; by default that which `make bootstrap` makes. */
  STATE_BUCKET: z.string().optional(),
  /** Accounts side by side. */
  PARALLEL: z.coerce.number().int().min(1).max(16).default(4),
  /** Members get a recorder of AWS Config, or lose it; by default it stays as it is. For accounts that have none. */
  CREATE_RECORDER: z.enum(['yes', 'no']).optional(),
  /** `no`: a destroy deletes settings, ledger and state as well. */
  KEEP_DATA: z.enum(['yes', 'no']).default('yes'),
  /** The settings to use instead of compliance.yaml. */
  SETTINGS: z.string().optional(),
});
export type Options = Readonly<z.infer<typeof Options>>;

/** @throws {Error} naming every variable that cannot be what it says */
export const parseOptions = (env: Readonly<Record<string, string | undefined>>): Options => {
  // make exports what nobody set as an empty text.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Options.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new Error(`These variables of make cannot be so: ${z.prettifyError(parsed.error)}`, {
    cause: parsed.error,
  });
};
