import * as z from 'zod';

import { AccountId } from '../base/account-id.ts';
import { cached } from '../base/cached.ts';
import { defined } from '../base/defined.ts';
import { didYouMean } from '../base/did-you-mean.ts';
import { explain, permanent, transient } from '../base/errors.ts';
import { isGlobMatch } from '../base/glob.ts';
import { digest } from '../base/json.ts';
import { parseOrThrow } from '../base/parse.ts';
import { partitionOf, Region } from '../base/region.ts';
import { HostedDashboard } from './hosted-dashboard.ts';
import { expandPlaceholders, type ParameterPlace } from './placeholders.ts';
import { withCurrentNames } from './setting-names.ts';

/**
 * What a rule may do in an account. Each mode allows what the one before it allows, and more:
 * nothing; give verdicts; plan fixes (the default); apply plans that a person approved; apply plans automatically.
 */
export const MODES = ['off', 'observe', 'plan', 'approve', 'auto'] as const;
export const Mode = z.enum(MODES);
export type Mode = z.infer<typeof Mode>;

/** Whether `mode` allows all that `least` allows. */
export const allows = (mode: Mode, least: Mode): boolean => MODES.indexOf(mode) >= MODES.indexOf(least);

const RuleChoice = z.strictObject({
  mode: Mode.optional(),
  /** A disruptive fix is automatic only where this is set, rule by rule. */
  allowDisruptive: z.boolean().optional(),
  /** Checked against the rule's own schema. */
  parameters: z.record(z.string(), z.json()).optional(),
});

type RuleChoice = Readonly<z.infer<typeof RuleChoice>>;

const RuleSettings = RuleChoice.extend({ groups: z.record(z.string(), RuleChoice).default({}) });
type RuleSettings = Readonly<z.infer<typeof RuleSettings>>;

const Account = z.strictObject({
  id: AccountId,
  name: z.string().min(1),
  groups: z.array(z.string()).default([]),
  /** The organizational unit, used by exemptions and reports. */
  ou: z.string().optional(),
  /** The owner of findings without an owner tag. Default: the account's security contact in AWS. */
  owner: z.string().optional(),
});
export type Account = Readonly<z.infer<typeof Account>>;

/** How much may be fixed before a person has to decide. */
const Limits = z.strictObject({
  fixesPerHour: z
    .strictObject({
      ruleAndAccount: z.int().min(0).default(20),
      organization: z.int().min(0).default(200),
    })
    .prefault({}),
  /** Share of the resources that a rule last found there, at least one resource. 1: no limit. */
  maxSharePerHour: z.number().min(0).max(1).default(0.25),
  /** Failed fixes of a rule that open its circuit breaker for the hour: in an account, or in three and more together. */
  failuresPerHour: z.int().min(1).default(5),
  /** Fixes of one resource in the window that count as flapping: something else reverts them. */
  flaps: z.strictObject({ times: z.int().min(1).default(3), hours: z.int().min(1).default(24) }).prefault({}),
  /** How long a plan can be approved and applied. */
  planTtlDays: z.int().min(1).max(90).default(14),
  /** How long mode auto leaves a resource alone after a person undid its fix. */
  cooldownAfterUndoDays: z.int().min(0).default(7),
});

/** Resources that infrastructure as code manages. A fix would be drift, so it is planned and suggested to the owner. */
const InfrastructureAsCode = z.strictObject({
  enforce: z.boolean().default(false),
  /** Tags that mark such resources, besides the built-in ones; `*` as in exemptions. */
  tags: z
    .record(z.string(), z.string())
    .default({ 'aws:cloudformation:stack-id': '*', 'managed-by': 'terraform', terraform: 'true' }),
});

/** The recording of AWS Config. */
const Recording = z.strictObject({
  /** Resource types that are not recorded. Their rules run on schedule only, which may cost less. */
  scheduleOnly: z.array(z.string()),
});

/** A framework whose requirements name the rules that are deployed. */
const SelectedFramework = z.strictObject({
  /** As `compliance frameworks list` prints it: `cis-7.0`. */
  id: z.string().min(1),
  /** The profile of CIS: 2 includes 1. All levels when left out. */
  level: z.union([z.literal(1), z.literal(2)]).optional(),
});

const KeyArn = z
  .string()
  .regex(
    /^arn:[^:]+:kms:[^:]+:\d{12}:key\/[\w-]+$/,
    'is not the ARN of a KMS key: an alias can be moved to another key',
  );

/** Tables and saved queries of Amazon Athena over what is sealed. */
const Athena = z.strictObject({
  /** A query that reads more is cancelled. Athena's least is 10 MB. */
  maxGigabytesPerQuery: z.number().min(0.01).max(100_000).default(10),
  /** Days after which answers are deleted. They can have names of people. */
  resultDays: z.int().min(1).max(3650).default(30),
  /** Where `verdicts.parquet` of `compliance state build` is copied to; without it, there is no table of the state. */
  verdicts: z
    .string()
    .regex(
      /^s3:\/\/[a-z0-9.-]{3,63}\/(?:[\w.=-]+\/)*verdicts\.parquet$/,
      'is not the address of a verdicts.parquet in S3',
    )
    .optional(),
});

/** How the ledger is sealed. */
const Ledger = z.strictObject({
  /** The key that signs: ECC_NIST_EDWARDS25519 for SIGN_VERIFY, in the home Region. With it, the keeper is deployed. */
  signingKeyArn: KeyArn.optional(),
  /** The key before, while it is replaced: both sign the first head of the new one. */
  formerSigningKeyArn: KeyArn.optional(),
  /** The SHA-256 of the public key, which `compliance ledger verify` expects. */
  keyFingerprint: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in hexadecimal')
    .optional(),
  /** Days for which sealed objects are locked, from their hour on; 0 locks nothing. */
  lockDays: z.int().min(0).max(36_500).default(0),
  /** Under COMPLIANCE nobody, not even the root user, can delete a locked object or shorten its lock. */
  lockMode: z.enum(['GOVERNANCE', 'COMPLIANCE']).default('GOVERNANCE'),
  /** A bucket of another account for copies of the heads. */
  headsBucketArn: z
    .string()
    .regex(/^arn:[^:]+:s3:::[a-z0-9.-]{3,63}$/, 'is not the ARN of a bucket')
    .optional(),
  /** With it, people can ask what is sealed by SQL. */
  athena: Athena.optional(),
});

/** `compliance.yaml`: the single source of what applies where, read by both functions. */
export const Settings = z
  .strictObject({
    organization: z.strictObject({
      /** Absent when the accounts do not belong to an organization. */
      id: z
        .string()
        .regex(/^o-[a-z0-9]{10,32}$/, 'is not an organization id')
        .optional(),
      masterAccountId: AccountId,
      /** The management account of the organization, if it is not the master account. */
      managementAccountId: AccountId.optional(),
      /**
       * Protects against the confused deputy problem. Not a password.
       * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
       */
      externalId: z
        .string()
        .min(2)
        .max(1224)
        .regex(/^[\w+=,.@:/-]*$/, 'AWS accepts letters of English, digits and _+=,.@:/- in an external id'),
      homeRegion: Region,
      regions: z.array(Region).min(1),
      /**
       * The accounts for which AWS Config may invoke the rule function. `per-account`: each account below, one
       * statement each, as many as a function's policy holds. `organization`: the accounts of the organization, in one
       * statement; the remediation function then admits the members' automation role alone. `any-account`: any AWS
       * account, in one statement. The function refuses accounts that are not listed.
       */
      invokePermission: z.enum(['per-account', 'organization', 'any-account']).default('per-account'),
      /** How `make reconcile` enrolls accounts that joined the organization. Without it, they are only reported. */
      enroll: z
        .strictObject({
          groups: z.array(z.string()).default([]),
          /** Accounts that are never enrolled. */
          exclude: z.array(AccountId).default([]),
        })
        .optional(),
    }),
    /** The allow-list: nothing is done in any other account. */
    accounts: z.array(Account).min(1),
    defaults: z.strictObject({ mode: Mode.default('plan') }).default({ mode: 'plan' }),
    rules: z.record(z.string(), RuleSettings).default({}),
    /** `changes`: a sweep sends AWS Config only what changed, because each evaluation is billed; `full`: everything. */
    sweep: z.enum(['changes', 'full']).default('changes'),
    /** Repeats unchanged NON_COMPLIANT verdicts in mode auto, because only a verdict makes AWS Config remediate. */
    repeatNonCompliantInAuto: z.boolean().default(true),
    limits: Limits.prefault({}),
    // Optional and without a default, these four: the release before refuses a setting that it does not know.
    recording: Recording.optional(),
    ledger: Ledger.optional(),
    /** Hosts the dashboard for many readers; `compliance dashboard` needs no hosting. */
    dashboard: HostedDashboard.optional(),
    /** Only rules that one of these asks for are deployed; all rules when left out. */
    frameworks: z.array(SelectedFramework).min(1).optional(),
    infrastructureAsCode: InfrastructureAsCode.prefault({}),
    /** The tag that names a resource's owner, and the owner of last resort. */
    owners: z
      .strictObject({ tag: z.string().default('owner'), default: z.string().default('unowned') })
      .prefault({}),
    /** The longest time that an exemption may last. */
    exemptionMaxDays: z.int().min(1).default(365),
    /** Patterns of names, ids or ARNs that belong to AWS or the landing zone, besides the built-in ones; `*` as in exemptions. */
    exclusions: z.array(z.string()).default([]),
  })
  .superRefine(({ accounts, organization, rules }, context) => {
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const groups = new Set([
      ...accounts.flatMap((account) => account.groups),
      ...(organization.enroll?.groups ?? []),
    ]);
    for (const [index, { id }] of accounts.entries())
      if (accounts.findIndex((account) => account.id === id) !== index)
        issue(['accounts', index, 'id'], `account ${id} is listed twice`);
    if (!organization.regions.includes(organization.homeRegion))
      issue(
        ['organization', 'regions'],
        `the home Region ${organization.homeRegion} is not among the Regions`,
      );
    if (organization.invokePermission === 'organization' && organization.id === undefined)
      issue(
        ['organization', 'invokePermission'],
        'needs organization.id: it admits the accounts of that organization',
      );
    for (const [command, rule] of Object.entries(rules))
      for (const group of Object.keys(rule.groups))
        if (!groups.has(group))
          issue(
            ['rules', command, 'groups', group],
            `no account is in group '${group}'${didYouMean(group, [...groups])}`,
          );
  });
export type Settings = Readonly<z.infer<typeof Settings>>;

/** Loads the settings, from wherever they are stored; cached briefly. */
export type SettingsSource = () => Promise<Settings>;

/** @throws {ComplianceError} permanent `malformed-settings` with the path of each mistake */
export const parseSettings = (input: unknown): Settings =>
  parseOrThrow(Settings, withCurrentNames(input), { code: 'malformed-settings', what: 'settings' });

/** @throws {ComplianceError} permanent `foreign-account` when the settings do not list the account */
export const accountIn = (settings: Settings, accountId: AccountId): Account => {
  const account = settings.accounts.find(({ id }) => id === accountId);
  if (account) return account;
  throw permanent(
    'foreign-account',
    `Account ${accountId} is not in the settings, so nothing is done there. If it is yours, add it to compliance.yaml.`,
  );
};

/** Refuses a place where the product is not deployed, before any role is assumed there. */
export const assertOwnRegion = (
  { region, partition }: { readonly region: string; readonly partition: string },
  { regions }: Settings['organization'],
): void => {
  if (!regions.includes(region) || partition !== partitionOf(region))
    throw permanent(
      'foreign-region',
      `Region ${region} of partition ${partition} is not in the settings, so nothing is done there.`,
    );
};

/** The settings of one rule in one account. */
export interface Applicable {
  readonly mode: Mode;
  readonly allowDisruptive: boolean;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The settings of a rule in an account. Later choices win: the rule's, then each of the account's groups in its order. */
export const applicableTo = (settings: Settings, { groups }: Account, command: string): Applicable => {
  const rule = ruleSettings(settings, command);
  const choices = [rule, ...groups.map((group) => rule.groups[group] ?? {})];
  return {
    mode: choices.reduce((mode, choice) => choice.mode ?? mode, settings.defaults.mode),
    allowDisruptive: choices.reduce((allow, choice) => choice.allowDisruptive ?? allow, false),
    parameters: choices.reduce((merged, { parameters }) => ({ ...merged, ...parameters }), {}),
  };
};

/** The keys of `rules` that apply to a rule: globs in the order of the file, then its own. Later ones win. */
export const ruleKeysFor = ({ rules }: Pick<Settings, 'rules'>, command: string): readonly string[] => [
  ...Object.keys(rules).filter((key) => key !== command && isGlobMatch(key, command)),
  ...(Object.hasOwn(rules, command) ? [command] : []),
];

const ruleSettings = (settings: Settings, command: string): RuleSettings =>
  ruleKeysFor(settings, command)
    .map((key) => settings.rules[key] ?? { groups: {} })
    .reduce<RuleSettings>(
      (merged, { groups, ...choice }) => ({
        ...mergeChoices(merged, choice),
        groups: Object.entries(groups).reduce(
          (all, [group, own]) => ({ ...all, [group]: mergeChoices(all[group] ?? {}, own) }),
          merged.groups,
        ),
      }),
      { groups: {} },
    );

const mergeChoices = <Choice extends RuleChoice>(first: Choice, then: RuleChoice): Choice => ({
  ...first,
  ...defined(then),
  ...((first.parameters ?? then.parameters) && { parameters: { ...first.parameters, ...then.parameters } }),
});

/**
 * The parameters of a rule in one place, parsed, with placeholders expanded.
 * @throws {ComplianceError} permanent `malformed-parameters`
 */
export const parametersOf = <T>(
  rule: { readonly command: string; readonly parameters: z.ZodType<T> },
  { parameters }: Pick<Applicable, 'parameters'>,
  place: ParameterPlace,
): T => {
  // Strict: a misspelt parameter would silently keep the default.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same schema, only strict.
  const schema = (
    rule.parameters instanceof z.ZodObject ? rule.parameters.strict() : rule.parameters
  ) as z.ZodType<T>;
  return parseOrThrow(schema, expandPlaceholders(parameters, place), {
    code: 'malformed-parameters',
    what: `parameters of ${rule.command} in the settings`,
  });
};

/**
 * Settings that are loaded at most once in `seconds`. A failed load is not cached.
 * @throws {ComplianceError} transient `settings-unreadable`: without settings there is neither verdict nor fix
 */
export const cachedSettings = (load: () => Promise<unknown>, now: () => Date, seconds = 60): SettingsSource =>
  cached(
    async () => {
      try {
        const stored = await load();
        const settings = parseSettings(stored);
        revisions.set(settings, revisionOf(stored));
        return settings;
      } catch (error) {
        throw transient(
          'settings-unreadable',
          `The settings could not be read, so nothing is judged or fixed: ${explain(error)}`,
          error,
        );
      }
    },
    seconds,
    now,
  );

const revisions = new WeakMap<Settings, string>();

/** The revision of stored settings or exemptions: a digest of their content. */
export const revisionOf = (stored: unknown): string => `revision-${digest(stored)}`;

/** The revision of settings as they were stored; `undefined` when they were not. */
export const settingsRevision = (settings: Settings): string | undefined => revisions.get(settings);
