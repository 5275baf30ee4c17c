import {
  roleSubject,
  type DeployedPermission,
  type DeployedRole,
  type Deployment,
} from '../model/deployment.ts';
import {
  allowancesIn,
  denyOrNegatedStatements,
  describeAllowance,
  describeAllowances,
  includesAllowance,
  type Allowance,
} from '../model/policy-document.ts';
import { describeStatement, describeTrust, isDenial } from './describe-statement.ts';

/** A change of permissions, described in words. */
export interface AccessChange {
  /** Whether someone gains permissions. */
  readonly widens: boolean;
  readonly who: string;
  readonly what: string;
}

/** Permissions that identities gain or lose, in a fixed order. */
export const accessDifference = (before: Deployment, after: Deployment): readonly AccessChange[] => [
  ...rolesOf(before, after).flatMap(([old, now]) => [...policyChanges(old, now), ...trustChanges(old, now)]),
  ...invocationChanges(before.permissions, after.permissions),
];

type Pair = readonly [before: DeployedRole | undefined, after: DeployedRole | undefined];

const rolesOf = (before: Deployment, after: Deployment): readonly Pair[] => {
  const keyOf = ({ accountId, name }: DeployedRole) => `${name} in ${accountId}`;
  const old = new Map(before.roles.map((role) => [keyOf(role), role] as const));
  const now = new Map(after.roles.map((role) => [keyOf(role), role] as const));
  return [...new Set([...old.keys(), ...now.keys()])].toSorted().map((key) => [old.get(key), now.get(key)]);
};

const subjectOf = ([old, now]: Pair): string => {
  const { name = '', accountId = '' } = now ?? old ?? {};
  return roleSubject({ name, accountId });
};

const policyChanges = (...pair: Pair): readonly AccessChange[] => {
  const [old, now] = pair;
  const [had, has] = [allowances(old), allowances(now)];
  const gained = has.filter((allowance) => !had.some((one) => includesAllowance(one, allowance)));
  const lost = had.filter((allowance) => !has.some((one) => includesAllowance(one, allowance)));
  const [widened, added] = [
    gained.filter(isWiderThan(had)),
    gained.filter((gain) => !isWiderThan(had)(gain)),
  ];
  const changes = (widens: boolean, what: readonly string[]) =>
    what.map((each) => ({ widens, who: subjectOf(pair), what: each }));
  return [
    ...changes(true, [
      ...widened.map((gain) => `may ${describeAllowance(gain)}, before only ${narrowerOf(gain, had)}`),
      ...describedActions('may', added),
      ...opaqueChanges(old, now),
    ]),
    ...changes(false, describedActions('may no longer', lost)),
  ];
};

/** Lists modifying actions before read-only ones. */
const describedActions = (verb: string, all: readonly Allowance[]): readonly string[] => {
  const isReading = ({ action }: Allowance) => /:(Get|List|Describe|BatchGet|Lookup)/.test(action);
  return [
    ...describeAllowances(all.filter((allowance) => !isReading(allowance))).map((text) => `${verb} ${text}`),
    ...describeAllowances(all.filter(isReading)).map((text) => `${verb} read: ${text}`),
  ];
};

const isWiderThan = (had: readonly Allowance[]) => (gain: Allowance) =>
  had.some((allowance) => includesAllowance(gain, allowance));

const narrowerOf = (gain: Allowance, had: readonly Allowance[]) =>
  describeAllowances(had.filter((allowance) => includesAllowance(gain, allowance))).join('; ');

/** Changes of a role's policies that are not plain actions on resources. */
const opaqueChanges = (old: DeployedRole | undefined, now: DeployedRole | undefined): readonly string[] => {
  const foreign = (role: DeployedRole | undefined) =>
    (role?.policies ?? []).filter(({ document }) => !document).map(({ name }) => name);
  const restricted = (role: DeployedRole | undefined) =>
    denyOrNegatedStatements(documents(role)).map(
      (statement) => `${isDenial(statement) ? 'denies' : 'allows'} ${describeStatement(statement)}`,
    );
  const [had, has] = [restricted(old), restricted(now)];
  return [
    ...foreign(now)
      .filter((name) => !foreign(old).includes(name))
      .map((name) => `gets the policy ${name}, whose text is not in the plan`),
    ...has.filter((text) => !had.includes(text)).map((text) => `gets a statement that ${text}`),
    // Removing a Deny allows more.
    ...(now ? had.filter((text) => !has.includes(text)).map((text) => `loses a statement that ${text}`) : []),
    ...(now && !now.policies ? ['gets policies that are known only after apply'] : []),
    ...(old?.boundary !== undefined && now && now.boundary !== old.boundary
      ? [`has ${now.boundary ?? 'no'} permissions boundary, before ${old.boundary}`]
      : []),
  ];
};

const documents = (role: DeployedRole | undefined) =>
  (role?.policies ?? []).flatMap(({ document }) => document ?? []);

const allowances = (role: DeployedRole | undefined): readonly Allowance[] =>
  [
    ...new Map(
      allowancesIn(documents(role)).map((allowance) => [describeAllowance(allowance), allowance] as const),
    ).values(),
  ].toSorted((a, b) => (describeAllowance(a) < describeAllowance(b) ? -1 : 1));

const trustChanges = (...pair: Pair): readonly AccessChange[] => {
  const [old, now] = pair;
  const who = subjectOf(pair);
  const difference = (some: DeployedRole | undefined, others: DeployedRole | undefined) => {
    const known = trustOf(others).map(({ text }) => text);
    return trustOf(some).filter(({ text }) => !known.includes(text));
  };
  return [
    ...difference(now, old).map(({ text, denies }) => ({
      widens: !denies,
      who,
      what: denies ? `may now be assumed by everybody except ${text}` : `may be assumed by ${text}`,
    })),
    ...difference(old, now).map(({ text, denies }) => ({
      widens: denies,
      who,
      what: denies ? `is no longer denied to ${text}` : `may no longer be assumed by ${text}`,
    })),
    ...(now !== undefined && now.trust === undefined
      ? [{ widens: true, who, what: 'has a trust policy that is known only after apply' }]
      : []),
  ];
};

const trustOf = (role: DeployedRole | undefined) =>
  (role?.trust?.Statement ?? [])
    .map((statement) => ({ text: describeTrust(statement), denies: isDenial(statement) }))
    .toSorted((a, b) => (a.text < b.text ? -1 : 1));

const invocationChanges = (
  before: readonly DeployedPermission[],
  after: readonly DeployedPermission[],
): readonly AccessChange[] => {
  const had = new Set(before.map(describePermission));
  const has = new Set(after.map(describePermission));
  const change = (text: string, widens: boolean): AccessChange => {
    const [who = '', what = ''] = text.split('\n');
    return { widens, who, what: `${widens ? 'may' : 'may no longer'} ${what}` };
  };
  return [
    ...[...has]
      .filter((text) => !had.has(text))
      .toSorted()
      .map((text) => change(text, true)),
    ...[...had]
      .filter((text) => !has.has(text))
      .toSorted()
      .map((text) => change(text, false)),
  ];
};

const describePermission = (permission: DeployedPermission): string => {
  const { principal, sourceAccount, sourceArn, sourceOrgId, action, functionName, qualifier } = permission;
  const { principalOrgId, principalArn, unclear } = permission;
  const scope = [
    sourceAccount !== undefined && `for account ${sourceAccount}`,
    sourceArn !== undefined && `for ${sourceArn}`,
    sourceOrgId !== undefined && `for accounts of organization ${sourceOrgId}`,
    principalOrgId !== undefined && `of organization ${principalOrgId}`,
    principalArn !== undefined && `as ${principalArn}`,
    unclear !== undefined && `subject to ${unclear}`,
  ].filter((part) => part !== false);
  const target = [functionName, qualifier].filter((part) => part !== undefined).join(':');
  return `${[principal === '*' ? 'everybody' : principal, ...scope].join(' ')}\n${action} on ${target} in ${permission.region}`;
};
