import type * as z from 'zod';

import type { AccountId } from '../base/account-id.ts';
import type { Grant } from '../aws/grant.ts';
import type { Operation } from '../aws/operation.ts';
import { ACCOUNT_TYPE, type Resource } from '../aws/resource.ts';
import type { ResourceShape } from '../aws/resource-tags.ts';
import type { Session } from '../aws/session.ts';
import type { Fix } from './change.ts';
import type { ConfigurationItem } from './configuration-item.ts';
import type { SharedDocument } from './shared-document.ts';
import type { Verdict } from './verdict.ts';

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * The observed state of a resource.
 * `facts` decide the verdict; they are canonical (sorted, no volatile ids) and hold dates, not ages. `handles` are for
 * the fix only, such as rule ids or a user's name.
 */
export interface Observation<Facts = unknown, Handles = unknown> {
  readonly facts: Facts;
  readonly handles?: Handles;
  /** Other names of the resource when its id is not its name. Exemptions may use either. */
  readonly identity?: Pick<Resource, 'resourceName' | 'arn'>;
}

/** A resource found by listing, with its facts when the listing holds them. */
export type Listed<Facts = unknown, Handles = unknown> =
  | { readonly resource: Resource }
  | ({ readonly resource: Resource } & Observation<Facts, Handles>);

/** The account, Region, time and parameters of a verdict. */
export interface JudgeContext<Parameters = unknown> {
  readonly parameters: Parameters;
  readonly accountId: AccountId;
  readonly region: string;
  /** `aws`, `aws-cn`, …: the second part of an ARN. */
  readonly partition: string;
  readonly now: Date;
}

export interface FixInput<
  Facts = unknown,
  Parameters = unknown,
  Handles = unknown,
> extends JudgeContext<Parameters> {
  readonly resource: Resource;
  readonly facts: Facts;
  readonly handles: Handles;
}

interface ObserveContext {
  readonly session: Session;
}

/** The grants of a rule, by phase. */
export interface Permissions {
  readonly list: readonly Grant[];
  readonly get: readonly Grant[];
  readonly fix: readonly Grant[];
  readonly undo: readonly Grant[];
}

export type Phase = keyof Permissions;

/** Products in which the same check has another id. `config`: AWS Config's managed rules. */
type Catalogue = 'config' | 'securityHub' | 'prowler' | 'steampipe' | 'custodian';

/**
 * A rule is one value: it observes, judges and fixes. Everything else - policies, packs, documentation,
 * dashboards - is a function of the list of rules.
 */
export interface Rule<Facts = unknown, Parameters = unknown, Handles = unknown> {
  /** The `ComplianceCommand` parameter in AWS Config and SSM: `S3_ENABLE_VERSIONING`. */
  readonly command: string;
  /** The state that is compliant, as a statement. */
  readonly title: string;
  /** Why it matters, in a sentence or two. */
  readonly rationale: string;
  readonly severity: Severity;
  readonly resourceType: string;
  /** The ARN of the type's ids and its tag filter, for exemptions and owners by ARN or tag. */
  readonly resource?: ResourceShape;
  /** The rule concerns one account of the organization. It is neither judged nor fixed in any other. */
  readonly only?: 'management-account';
  /** `home-region` for global or account-wide resources, which are judged in one Region only. */
  readonly deploy: 'every-region' | 'home-region';
  /** Always includes the schedule, which catches missed changes and expired exemptions. */
  readonly triggers: readonly ['schedule'] | readonly ['change', 'schedule'];
  /** Framework → control ids. */
  readonly controls: Readonly<Record<string, readonly string[]>>;
  /** What a COMPLIANT verdict does not cover, so that a person has to check it. */
  readonly partly?: string;
  /** Ids of the same check in other products, for those who migrate. */
  readonly equivalents?: Readonly<Partial<Record<Catalogue, readonly string[]>>>;
  /** Every parameter that `judge` needs has a default. */
  readonly parameters: z.ZodType<Parameters>;
  /** The parameters that only the fix needs. Without them the fix is manual. */
  readonly needs?: readonly string[];
  readonly facts: z.ZodType<Facts>;
  /** Members of the facts, at any depth, that are personal or secret. The ledger's verdicts hold their digests. */
  readonly personal?: readonly string[];
  /** The version of the rule's package and the digest of its source, which the bundle of a function knows. */
  readonly release?: { readonly version: string; readonly source: string };
  readonly handles?: z.ZodType<Handles>;
  readonly permissions: Permissions;
  readonly observe: {
    /** From the item that AWS Config sent, without a call. `undefined`: the item does not hold the facts. */
    item?(item: ConfigurationItem): Observation<Facts, Handles> | undefined;
    /** One resource, live. `undefined`: it is gone. */
    get(resource: Resource, context: ObserveContext): Promise<Observation<Facts, Handles> | undefined>;
    /** Every resource of the account and Region with the fewest calls. */
    list(context: ObserveContext): AsyncIterable<Listed<Facts, Handles>>;
  };
  /** Pure; never throws on facts of the schema. */
  judge(facts: Facts, context: JudgeContext<Parameters>): Verdict;
  /** Pure. Called for a NON_COMPLIANT observation only. */
  fix?(input: FixInput<Facts, Parameters, Handles>): Fix<Facts>;
  /** What may stop working after a fix, and for which of its users. Absent: every fix of the rule is `safe`. */
  readonly impact?: string;
  /** What a person must do when there is no `fix`. */
  readonly guidance?: string;
  /** The operations and documents that an undo may replay from the journal. */
  readonly undo?: {
    readonly operations?: readonly Operation[];
    readonly documents?: readonly SharedDocument[];
  };
}

/** Defines a rule; its types are inferred from its schemas. */
export const defineRule = <Facts, Parameters, Handles = unknown>(
  rule: Rule<Facts, Parameters, Handles>,
): Rule<Facts, Parameters, Handles> => {
  if (!/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(rule.command))
    throw new Error(`Invalid command of a rule: '${rule.command}'. Use UPPER_SNAKE_CASE.`);
  if (!rule.fix && !rule.guidance)
    throw new Error(`Incomplete rule ${rule.command}: it has neither a fix nor guidance. Add one.`);
  // AWS Config records no such type: the recorder of every account would be refused.
  if (rule.resourceType === ACCOUNT_TYPE && rule.triggers[0] === 'change')
    throw new Error(`Invalid trigger of ${rule.command}: no change event exists for ${ACCOUNT_TYPE}.`);
  // Only an object can be strict: in any other schema, a misspelt parameter would silently keep its default.
  if (!('shape' in rule.parameters.def && isShape(rule.parameters.def.shape)))
    throw new Error(`Invalid parameters of ${rule.command}: use z.object, with .refine() if need be.`);
  const parameters = Object.entries(rule.parameters.def.shape);
  for (const [name, schema] of parameters)
    if (!isDescribed(schema))
      throw new Error(`Undescribed parameter of ${rule.command}: ${name}. Add .describe('…') to it.`);
  for (const name of rule.needs ?? [])
    if (!parameters.some(([known]) => known === name))
      throw new Error(`Unknown parameter among the needs of ${rule.command}: ${name}.`);
  return rule;
};

const isShape = (value: unknown): value is Readonly<Record<string, z.ZodType>> =>
  typeof value === 'object' && value !== null;

/** Whether a schema, or the one that it wraps, has a description. */
const isDescribed = (schema: z.ZodType): boolean =>
  schema.description !== undefined ||
  ('innerType' in schema.def && isSchema(schema.def.innerType) && isDescribed(schema.def.innerType));

const isSchema = (value: unknown): value is z.ZodType =>
  typeof value === 'object' && value !== null && 'def' in value;

/** The grants of the role that evaluates a member account. */
export const evaluateGrants = ({ permissions }: Pick<Rule, 'permissions'>): readonly Grant[] => [
  ...permissions.list,
  ...permissions.get,
];

/** The grants of the role that remediates a member account. */
export const remediateGrants = ({ permissions }: Pick<Rule, 'permissions'>): readonly Grant[] => [
  ...permissions.get,
  ...permissions.fix,
  ...permissions.undo,
];
