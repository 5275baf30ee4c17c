import { CHANGES_RULE, type AccountPlace, type RegionalPlace } from '@compliance/infra';

import type { Coverage, Refusal } from './coverage.ts';
import type { PolicyDocument } from './policy-document.ts';

type InRegion<T> = Readonly<T> & Omit<RegionalPlace, 'partition'>;
type InAccount<T> = Readonly<T> & Omit<AccountPlace, 'partition'>;

/** A Lambda function. `undefined` here and below: known only after apply, or not readable. */
export type DeployedFunction = InRegion<{
  name: string;
  runtime?: string | undefined;
  roleArn?: string | undefined;
  /** `null`: a value that is known only after apply. */
  environment?: Readonly<Record<string, string | null>> | undefined;
}>;

/** What one statement of a function's resource-based policy allows: one action of one principal. */
export type DeployedPermission = InRegion<{
  functionName: string;
  qualifier?: string | undefined;
  action: string;
  /** `config.amazonaws.com`, an account id, a role's ARN, `*`. */
  principal: string;
  sourceAccount?: string | undefined;
  sourceArn?: string | undefined;
  principalOrgId?: string | undefined;
  /** The organization of the account for which a service invokes the function. */
  sourceOrgId?: string | undefined;
  /** The pattern that the ARN of the calling role must match. */
  principalArn?: string | undefined;
  /** What else the policy asks for, and the checks do not judge: whether it allows anything is then not known. */
  unclear?: string | undefined;
}>;

type DeployedAlias = InRegion<{ functionName: string; name: string }>;

/** A policy of a role. AWS managed policies have no document: their text is not checked. */
export interface DeployedPolicy {
  readonly name: string;
  readonly document?: PolicyDocument | undefined;
  /** Inline policies have other limits than managed ones. */
  readonly isInline?: boolean | undefined;
  /** Counted as IAM does: without white space. */
  readonly characters?: number | undefined;
}

export type DeployedRole = InAccount<{
  name: string;
  trust?: PolicyDocument | undefined;
  /** `undefined`: some of them are known only after apply. */
  policies?: readonly DeployedPolicy[] | undefined;
  /** ARN of the permissions boundary. */
  boundary?: string | undefined;
}>;

/** `role compliance-evaluate in 111122223333` */
export const roleSubject = ({ name, accountId }: Pick<DeployedRole, 'name' | 'accountId'>): string =>
  `role ${name} in ${accountId}`;

export type DeployedDocument = InRegion<{
  name: string;
  content?: unknown;
  /** Account ids, or `All` for every AWS account. */
  sharedWith: readonly string[];
  defaultVersion?: string | undefined;
  latestVersion?: string | undefined;
}>;

export interface DeployedRemediation {
  readonly documentArn: string;
  readonly automatic: boolean;
  /** Static values, and `RESOURCE_ID` where AWS Config inserts the resource. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** An AWS Config rule in the account that it evaluates. */
export type DeployedRule = InRegion<{
  /** As in the template, without the suffix that the pack adds. */
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
  /** Size of the template. `undefined`: AWS does not return it. */
  bytes?: number | undefined;
  /** Whether the template is inline: its size limit is lower than in S3. */
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
  /** Types, or `*`, that are recorded only once a day. */
  daily: readonly string[];
}>;

export type DeployedTable = InRegion<{
  name: string;
  keys: readonly { readonly name: string; readonly role: 'HASH' | 'RANGE'; readonly type: string }[];
  expiryAttribute?: string | undefined;
  /** `null`: known only after apply. */
  policy?: PolicyDocument | null | undefined;
}>;

/** An event bus. Without a policy, only its own account may put events on it. */
export type DeployedBus = InRegion<{ name: string; policy?: PolicyDocument | undefined }>;

/** The bus that receives the events of AWS services. */
export const DEFAULT_BUS = 'default';

/** An EventBridge rule with its targets. `null`: known only after apply. */
export type DeployedEventRule = InRegion<{
  name: string;
  bus: string;
  enabled: boolean;
  /** `undefined`: the rule has a schedule instead of a pattern. */
  pattern: unknown;
  targets: readonly { readonly arn: string | null; readonly roleArn?: string | null | undefined }[];
}>;

/** Whether a rule forwards compliance changes. An account may have several of them. */
export const isForwardingRule = ({ bus, name }: Pick<DeployedEventRule, 'bus' | 'name'>): boolean =>
  bus === DEFAULT_BUS && new RegExp(`^${CHANGES_RULE}(-\\d+)?$`).test(name);

/** A resource policy of CloudWatch Logs. Its statements name the log groups. */
export type DeployedLogPolicy = InRegion<{ name: string; document?: PolicyDocument | undefined }>;

/** The key that signs the ledger. Only a reading of AWS has it. */
interface DeployedSigningKey {
  readonly arn: string;
  /** KMS's words, such as `ECC_NIST_EDWARDS25519` and `SIGN_VERIFY`. */
  readonly spec: string;
  readonly usage: string;
}

/** A function that CloudFront runs at each request. `undefined`: the code is known only after apply. */
interface DeployedViewerFunction {
  readonly accountId: string;
  readonly name: string;
  readonly code: string | undefined;
}

/** A resource of which only the name and the place matter. */
export type NamedResource = InRegion<{ name: string }>;

/** An account of the organization, listed in the settings or not. */
export interface OrganizationAccount {
  readonly id: string;
  readonly name: string;
  /** Neither suspended nor being closed. */
  readonly active: boolean;
}

/** The organization as AWS Organizations reports it. Unreadable values are absent. */
export interface DeployedOrganization {
  readonly id?: string | undefined;
  readonly managementAccountId?: string | undefined;
  readonly accounts?: readonly OrganizationAccount[] | undefined;
  /** The services for which the master account is the delegated administrator. */
  readonly administeredServices?: readonly string[] | undefined;
}

/** Service control policies of the root, a unit or an account. */
export interface ScpLevel {
  readonly targetId: string;
  readonly policies: readonly {
    readonly name: string;
    readonly document: PolicyDocument | undefined;
  }[];
}

/** The service control policies that apply to an account, level by level. */
export interface AccountScps {
  readonly accountId: string;
  readonly levels: readonly ScpLevel[];
}

/** A deployment as it is, or as it will be once a plan is applied. */
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
  readonly channels: readonly NamedResource[];
  readonly tables: readonly DeployedTable[];
  readonly buckets: readonly NamedResource[];
  readonly parameters: readonly NamedResource[];
  readonly topics: readonly NamedResource[];
  readonly logGroups: readonly NamedResource[];
  readonly signingKeys: readonly DeployedSigningKey[];
  readonly viewerFunctions: readonly DeployedViewerFunction[];
  readonly logPolicies: readonly DeployedLogPolicy[];
  readonly eventBuses: readonly DeployedBus[];
  readonly eventRules: readonly DeployedEventRule[];
  readonly organization: DeployedOrganization;
  readonly serviceControlPolicies: readonly AccountScps[];
  /** The AWS provider versions that a plan allows, e.g. `>= 5.100.0, < 7.0.0`. */
  readonly providerConstraints: readonly string[];
  /** The parts that were read: a resource absent there is missing. */
  readonly coverage: readonly Coverage[];
  /** Parts that may be unreadable by design, e.g. the organization from an account that does not administer it. */
  readonly refusals: readonly Refusal[];
  /** The parts that could not be read or parsed, one sentence each. */
  readonly gaps: readonly string[];
}
