import * as z from 'zod';

import { AccountId } from '../base/account-id.ts';
import { cached } from '../base/cached.ts';
import { explain, permanent, transient } from '../base/errors.ts';

/**
 * What a rule may do in an account: nothing; give verdicts; also plan fixes (the default); also apply the plans
 * that a person approves; also apply them by itself.
 */
export const MODES = ['off', 'observe', 'plan', 'approve', 'auto'] as const;
export const Mode = z.enum(MODES);
export type Mode = z.infer<typeof Mode>;

/** True when `mode` allows all that `least` allows. */
export const allows = (mode: Mode, least: Mode): boolean => MODES.indexOf(mode) >= MODES.indexOf(least);

const Choice = z.strictObject({
  mode: Mode.optional(),
  /** Named one by one: a disruptive fix runs by itself only where this says so. */
  allowDisruptive: z.boolean().optional(),
  /** Checked against the rule's own schema where the rule is known. */
  parameters: z.record(z.string(), z.json()).optional(),
});

const RuleSettings = Choice.extend({ groups: z.record(z.string(), Choice).default({}) });

const Account = z.strictObject({
  id: AccountId,
  name: z.string().min(1),
  groups: z.array(z.string()).default([]),
  /** The organizational unit, for exemptions and reports. */
  ou: z.string().optional(),
  /** Whom findings go to where no tag says otherwise; left out, the account's security contact in AWS. */
  owner: z.string().optional(),
});
export type Account = Readonly<z.infer<typeof Account>>;

const Region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'is not an AWS Region');

/** How much may be fixed before somebody looks. */
const Limits = z.strictObject({
  fixesPerHour: z
    .strictObject({
      ruleAndAccount: z.int().min(0).default(20),
      organization: z.int().min(0).default(200),
    })
    .prefault({}),
  /** Of the resources that a rule last found in the account and Region; at least one. 1: no such limit. */
  sharePerHour: z.number().min(0).max(1).default(0.25),
  /** After so many failed fixes of a rule in an hour, in whichever account, it stops until the next. */
  failuresPerHour: z.int().min(1).default(5),
  /** The same resource fixed so often in the window: something else changes it back. */
  flaps: z.strictObject({ times: z.int().min(1).default(3), hours: z.int().min(1).default(24) }).prefault({}),
  planLivesDays: z.int().min(1).max(90).default(14),
  /** How long auto leaves a resource alone whose fix a person undid. */
  holdAfterUndoDays: z.int().min(0).default(7),
});

/** Resources that code elsewhere owns: a fix there is drift, so it is planned and suggested to the owner. */
const InfrastructureAsCode = z.strictObject({
  enforce: z.boolean().default(false),
  /** Tags that tell so, a value of `*` standing for any. */
  tags: z
    .record(z.string(), z.string())
    .default({ 'aws:cloudformation:stack-id': '*', 'managed-by': 'terraform', terraform: 'true' }),
});

/** `compliance.yaml` as both functions read it: the one source of what applies where. */
export const Settings = z
  .strictObject({
    organization: z.strictObject({
      /** Absent where the accounts are listed but belong to no organization. */
      id: z
        .string()
        .regex(/^o-[a-z0-9]{10,32}$/, 'is not an organization id')
        .optional(),
      masterAccountId: AccountId,
      /** Shared secret against the confused deputy; not a password. */
      externalId: z.string().min(2).max(1224),
      homeRegion: Region,
      regions: z.array(Region).min(1),
      /**
       * For whom AWS Config may invoke the rule function. `accounts`: for each account below, as many as the policy of
       * a function holds. `open`: for any account of AWS, in one statement; the function turns strangers away.
       */
      configAdmission: z.enum(['accounts', 'open']).default('accounts'),
      /** How `make reconcile` takes up accounts that joined the organization; without it, it only names them. */
      joining: z
        .strictObject({
          groups: z.array(z.string()).default([]),
          /** Never taken up. */
          except: z.array(AccountId).default([]),
        })
        .optional(),
    }),
    /** The allow-list: no other account is ever acted in. */
    accounts: z.array(Account).min(1),
    defaults: z.strictObject({ mode: Mode.default('plan') }).default({ mode: 'plan' }),
    rules: z.record(z.string(), RuleSettings).default({}),
    /** `changes`: a sweep tells AWS Config what changed, which is what it bills; `full`: everything. */
    sweep: z.enum(['changes', 'full']).default('changes'),
    /** Repeat unchanged NON_COMPLIANT verdicts in mode auto: AWS Config remediates upon a verdict only. */
    repeatNonCompliantInAuto: z.boolean().default(true),
    limits: Limits.prefault({}),
    infrastructureAsCode: InfrastructureAsCode.prefault({}),
    /** The tag that names a resource's owner, and who owns what no tag, no account and no contact claims. */
    owners: z
      .strictObject({ tag: z.string().default('owner'), default: z.string().default('unowned') })
      .prefault({}),
    /** No exemption may end further away than this. */
    exemptionMaxDays: z.int().min(1).default(365),
    /** Names of resources that belong to AWS or the landing zone, added to the built-in ones; `*` as in exemptions. */
    exclusions: z.array(z.string()).default([]),
  })
  .superRefine(({ accounts, organization, rules }, context) => {
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const groups = new Set([
      ...accounts.flatMap((account) => account.groups),
      ...(organization.joining?.groups ?? []),
    ]);
    for (const [index, { id }] of accounts.entries())
      if (accounts.findIndex((account) => account.id === id) !== index)
        issue(['accounts', index, 'id'], `account ${id} is listed twice`);
    if (!organization.regions.includes(organization.homeRegion))
      issue(
        ['organization', 'regions'],
        `the home Region ${organization.homeRegion} is not among the Regions`,
      );
    for (const [command, rule] of Object.entries(rules))
      for (const group of Object.keys(rule.groups))
        if (!groups.has(group))
          issue(['rules', command, 'groups', group], `no account is in group '${group}'`);
  });
export type Settings = Readonly<z.infer<typeof Settings>>;

/** The settings as the functions read them, wherever they are kept; briefly cached. */
export type SettingsSource = () => Promise<Settings>;

/** @throws {ComplianceError} permanent `malformed-settings` with each mistake and where it stands */
export const parseSettings = (input: unknown): Settings => {
  const parsed = Settings.safeParse(input);
  if (parsed.success) return parsed.data;
  throw permanent(
    'malformed-settings',
    `The settings are not valid: ${z.prettifyError(parsed.error)}`,
    parsed.error,
  );
};

/** @throws {ComplianceError} permanent `foreign-account` when the settings don't list it */
export const accountIn = (settings: Settings, accountId: AccountId): Account => {
  const account = settings.accounts.find(({ id }) => id === accountId);
  if (account) return account;
  throw permanent(
    'foreign-account',
    `Account ${accountId} is not in the settings, so nothing is done there. Add it to compliance.yaml if it is yours.`,
  );
};

/** What applies to one rule in one account. */
export interface Applicable {
  readonly mode: Mode;
  readonly allowDisruptive: boolean;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The rule's own choice, then those of the account's groups in the order that the account lists them; the last wins. */
export const applicableTo = (settings: Settings, { groups }: Account, command: string): Applicable => {
  const rule = settings.rules[command];
  const choices = [rule ?? {}, ...groups.map((group) => rule?.groups[group] ?? {})];
  return {
    mode: choices.reduce((mode, choice) => choice.mode ?? mode, settings.defaults.mode),
    allowDisruptive: choices.reduce((allow, choice) => choice.allowDisruptive ?? allow, false),
    parameters: choices.reduce((merged, { parameters }) => ({ ...merged, ...parameters }), {}),
  };
};

/** The parameters as the rule wants them. @throws {ComplianceError} permanent `malformed-parameters` */
export const parametersOf = <T>(
  rule: { readonly command: string; readonly parameters: z.ZodType<T> },
  { parameters }: Pick<Applicable, 'parameters'>,
): T => {
  // A misspelt parameter would silently leave the default in force.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same schema, that refuses what it does not know.
  const schema = (
    rule.parameters instanceof z.ZodObject ? rule.parameters.strict() : rule.parameters
  ) as z.ZodType<T>;
  const parsed = schema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  throw permanent(
    'malformed-parameters',
    `The settings give ${rule.command} parameters it cannot take: ${z.prettifyError(parsed.error)}`,
    parsed.error,
  );
};

/**
 * A source that loads at most once in `seconds`. A failed load is not remembered.
 * @throws {ComplianceError} transient `settings-unreadable`: without settings there is neither verdict nor fix
 */
export const cachedSettings = (load: () => Promise<unknown>, seconds = 60): SettingsSource =>
  cached(async () => {
    try {
      return parseSettings(await load());
    } catch (error) {
      throw transient(
        'settings-unreadable',
        `The settings could not be read, so nothing is judged or fixed: ${explain(error)}`,
        error,
      );
    }
  }, seconds);
