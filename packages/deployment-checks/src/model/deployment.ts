import { CHANGES_RULE, type AccountPlace, type RegionalPlace } from '@compliance/infra';

import type { PolicyDocument } from './policy-document.ts';

type InRegion<T> = Readonly<T> & Omit<RegionalPlace, 'partition'>;
type InAccount<T> = Readonly<T> & Omit<AccountPlace, 'partition'>;

/** `undefined` throughout: nobody can know before the plan is applied, or the reader was not allowed to look. */
export type DeployedFunction = InRegion<{
  name: string;
  runtime?: string | undefined;
  roleArn?: string | undefined;
  /** `null` for a value that is known only after apply. */
  environment?: Readonly<Record<string, string | null>> | undefined;
}>;

/** One statement of a function's resource policy. */
export type DeployedPermission = InRegion<{
  functionName: string;
  qualifier?: string | undefined;
  action: string;
  /** `config.amazonaws.com`, an account id, a role's ARN, `*`. */
  principal: string;
  sourceAccount?: string | undefined;
  sourceArn?: string | undefined;
  principalOrgId?: string | undefined;
}>;

export type DeployedAlias = InRegion<{ functionName: string; name: string }>;

/** A policy that is attached to a role. Without a document: one whose text is not ours to know, as AWS's own. */
export interface DeployedPolicy {
  readonly name: string;
  readonly document?: PolicyDocument | undefined;
  /** In the role itself, where other limits hold. */
  readonly isInline?: boolean | undefined;
  /** As IAM counts them, without white space. */
  readonly characters?: number | undefined;
}

export type DeployedRole = InAccount<{
  name: string;
  trust?: PolicyDocument | undefined;
  /** `undefined` where some of them are known only after apply. */
  policies?: readonly DeployedPolicy[] | undefined;
  /** The policy that no policy of the role goes beyond. */
  boundary?: string | undefined;
}>;

export type DeployedDocument = InRegion<{
  name: string;
  content?: unknown;
  /** Account ids, or `All`. */
  sharedWith: readonly string[];
  defaultVersion?: string | undefined;
  latestVersion?: string | undefined;
}>;

export interface DeployedRemediation {
  readonly documentArn: string;
  readonly automatic: boolean;
  /** Static values, and `RESOURCE_ID` for what AWS Config puts in. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A rule of AWS Config in the account that it judges. */
export type DeployedRule = InRegion<{
  /** As in the template: without the suffix that a pack gives it. */
  name: string;
  functionArn: string;
  inputParameters: Readonly<Record<string, string>>;
  resourceTypes: readonly string[];
  messageTypes: readonly string[];
  remediation?: DeployedRemediation | undefined;
}>;

/** A conformance pack in the account that owns it. */
export type DeployedPack = InRegion<{
  name: string;
  scope: 'organization' | 'account';
  excludedAccounts: readonly string[];
  /** Of the template; `undefined` where AWS does not give it back. */
  bytes?: number | undefined;
  /** In the request itself, where AWS takes less than from S3. */
  inline?: boolean | undefined;
  ruleNames?: readonly string[] | undefined;
  failures?: readonly { readonly accountId: string; readonly reason: string }[] | undefined;
}>;

export type DeployedRecorder = InRegion<{
  name: string;
  recording: boolean;
  records:
    | { readonly type: 'all'; readonly includeGlobal: boolean }
    | { readonly type: 'listed'; readonly resourceTypes: readonly string[] }
    | { readonly type: 'all-but'; readonly resourceTypes: readonly string[] };
  /** Types, or `*`, that are recorded once a day only. */
  daily: readonly string[];
}>;

export type DeployedTable = InRegion<{
  name: string;
  keys: readonly { readonly name: string; readonly role: 'HASH' | 'RANGE'; readonly type: string }[];
  expiryAttribute?: string | undefined;
}>;

/** Without a policy nobody but its own account may put events on it. */
export type DeployedBus = InRegion<{ name: string; policy?: PolicyDocument | undefined }>;

/** Where AWS's own events arrive. */
export const DEFAULT_BUS = 'default';

/** A rule of EventBridge, with what it leads to; `null` for what is known only after apply. */
export type DeployedEventRule = InRegion<{
  name: string;
  bus: string;
  enabled: boolean;
  /** `undefined`: it waits for no event, but for a time. */
  pattern: unknown;
  targets: readonly { readonly arn: string | null; readonly roleArn?: string | null | undefined }[];
}>;

/** Whether it is one of those, however many, by which an account forwards. */
export const isForwardingRule = ({ bus, name }: Pick<DeployedEventRule, 'bus' | 'name'>): boolean =>
  bus === DEFAULT_BUS && new RegExp(`^${CHANGES_RULE}(-\\d+)?$`).test(name);

/** A resource policy of CloudWatch Logs: for whichever log groups it names. */
export type DeployedLogPolicy = InRegion<{ name: string; document?: PolicyDocument | undefined }>;

/** A thing of which only its name and place matter. */
export type Named = InRegion<{ name: string }>;

/** An account of the organization, whether or not the settings list it. */
export interface OrganizationAccount {
  readonly id: string;
  readonly name: string;
  /** Neither suspended nor about to be closed. */
  readonly active: boolean;
}

/** The organization as AWS Organizations knows it; what was not told is absent. */
export interface DeployedOrganization {
  readonly id?: string | undefined;
  readonly managementAccountId?: string | undefined;
  readonly accounts?: readonly OrganizationAccount[] | undefined;
  /** The services that the master account is the delegated administrator of. */
  readonly administeredServices?: readonly string[] | undefined;
}

/** The service control policies of the root, of one organizational unit or of the account itself. */
export interface ControlLevel {
  readonly targetId: string;
  readonly policies: readonly {
    readonly name: string;
    readonly document: PolicyDocument | undefined;
  }[];
}

/** All that restricts what the roles of an account may do, whatever their own policies say. */
export interface ServiceControl {
  readonly accountId: string;
  readonly levels: readonly ControlLevel[];
}

/** What is deployed, or would be once a plan is applied: all that one part of the product must know of another. */
export interface Deployment {
  readonly partition: string;
  readonly functions: readonly DeployedFunction[];
  readonly permissions: readonly DeployedPermission[];
  readonly aliases: readonly DeployedAlias[];
  readonly roles: readonly DeployedRole[];
  readonly documents: readonly DeployedDocument[];
  readonly packs: readonly DeployedPack[];
  readonly rules: readonly DeployedRule[];
  readonly recorders: readonly DeployedRecorder[];
  readonly channels: readonly Named[];
  readonly tables: readonly DeployedTable[];
  readonly buckets: readonly Named[];
  readonly parameters: readonly Named[];
  readonly topics: readonly Named[];
  readonly logGroups: readonly Named[];
  readonly logPolicies: readonly DeployedLogPolicy[];
  readonly eventBuses: readonly DeployedBus[];
  readonly eventRules: readonly DeployedEventRule[];
  readonly organization: DeployedOrganization;
  readonly serviceControls: readonly ServiceControl[];
  /** What a plan lets versions of the AWS provider be, as `>= 5.100.0, < 7.0.0`. */
  readonly providerConstraints: readonly string[];
  /** Where was looked, so that what is absent there is missing and not just out of sight. */
  readonly looks: readonly Look[];
  /** What may be out of reach by design, as the organization for an account that is no administrator of it. */
  readonly refusals: readonly Refusal[];
  /** What could not be read or understood, a sentence each. */
  readonly gaps: readonly string[];
}

/** The parts of a deployment that are deployed, and so seen, together; the SSM document goes with the functions. */
export type Part =
  | 'functions'
  | 'executionRoles'
  | 'memberRoles'
  | 'rules'
  | 'recorders'
  | 'stores'
  | 'logGroups'
  | 'forwarding'
  | 'changes'
  | 'packs'
  | 'organization'
  | 'organizationAccounts'
  | 'administration'
  | 'serviceControl';

/** Without a Region for what has none: roles. */
export interface Look {
  readonly part: Part;
  readonly accountId: string;
  readonly region?: string | undefined;
}

/** A part that was not shown, and why. */
export interface Refusal extends Look {
  readonly why: string;
}

const isSameLook = (a: Look, b: Look): boolean =>
  a.part === b.part && a.accountId === b.accountId && a.region === b.region;

export const hasLooked = ({ looks }: Pick<Deployment, 'looks'>, wanted: Look): boolean =>
  looks.some((look) => isSameLook(look, wanted));

/** Why a part was not shown, where that is known. */
export const refusalOf = ({ refusals }: Pick<Deployment, 'refusals'>, wanted: Look): string | undefined =>
  refusals.find((refusal) => isSameLook(refusal, wanted))?.why;

/** The same look once. */
export const distinctLooks = (looks: readonly Look[]): readonly Look[] => [
  ...new Map(
    looks.map((look) => [[look.part, look.accountId, look.region ?? ''].join('/'), look] as const),
  ).values(),
];
