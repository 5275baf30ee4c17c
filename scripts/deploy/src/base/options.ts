import { explainIssues } from '@compliance/core';
import * as z from 'zod';

// Any other word is refused: LOCAL=on must not deploy to AWS.
const ON = ['1', 'yes', 'true'];
const OFF = ['', '0', 'no', 'false'];
const Flag = z
  .string()
  .default('')
  .transform((value) => value.toLowerCase())
  .refine((value) => [...ON, ...OFF].includes(value), 'must be 1 or 0')
  .transform((value) => ON.includes(value));
const List = z
  .string()
  .default('')
  .transform((value) => value.split(/[\s,]+/).filter((item) => item !== ''));
const Accounts = List.pipe(z.array(z.string().regex(/^\d{12}$/, 'must be an account id of 12 digits')));

/** The variables of the make targets: `make deploy-member ACCOUNTS=111122223333 YES=1`. */
const Options = z.object({
  /** Deploy to the organization on this machine. */
  LOCAL: Flag,
  /** Do not ask. */
  YES: Flag,
  /** Only these accounts of compliance.yaml. */
  ACCOUNTS: Accounts,
  /** Only these Regions of compliance.yaml. */
  REGIONS: List,
  /** The accounts of the first wave of a rollout. */
  CANARY: Accounts,
  /** Accounts per wave after the canaries; all at once by default. */
  WAVE: z.coerce.number().int().min(1).optional(),
  /** How long to wait for AWS Config in each wave. */
  WAIT_MINUTES: z.coerce.number().positive().max(600).default(30),
  /** Print the output of `status` as JSON. */
  JSON: Flag,
  /** The role to assume in accounts other than that of the credentials. */
  MEMBER_ROLE: z.string().default('OrganizationAccountAccessRole'),
  /** The bucket of Terraform's state; by default the one that `make bootstrap` creates. */
  STATE_BUCKET: z.string().optional(),
  /** Roots to plan and apply in parallel. */
  PARALLEL: z.coerce.number().int().min(1).max(16).default(4),
  /** Create or remove the AWS Config recorder of members, for accounts that have no other; unchanged by default. */
  CREATE_RECORDER: z.enum(['yes', 'no']).optional(),
  /** With `no`, destroy deletes settings, ledger and state as well. */
  KEEP_DATA: z.enum(['yes', 'no']).default('yes'),
  /** The settings to use instead of compliance.yaml. */
  SETTINGS: z.string().optional(),
});
export type Options = Readonly<z.infer<typeof Options>>;

/** The names of all variables. scripts/make-variables.json has those of each target. */
export const OPTION_NAMES: readonly string[] = Object.keys(Options.shape);

/** Parses the variables of make. @throws {Error} naming every invalid variable */
export const parseOptions = (env: Readonly<Record<string, string | undefined>>): Options => {
  // make exports unset variables as empty strings.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Options.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new Error(`Invalid variables of make: ${explainIssues(parsed.error)}`, {
    cause: parsed.error,
  });
};
