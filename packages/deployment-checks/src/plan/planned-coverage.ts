import {
  ASSUMED_ROLES,
  AUDIT_LOG_GROUP,
  AUTOMATION_ROLE,
  CHANGES_LOG_GROUP,
  DOCUMENT,
  EVENT_BUS,
  EXECUTION_ROLES,
  FORWARDING_ROLE,
  FUNCTIONS,
  KEEPER,
  KEEPER_LOG_GROUP,
  STATE_TABLE,
  STOP_PARAMETER,
  TOPIC,
  dashboardBucket,
  functionLogGroup,
  ledgerBucket,
  sealedBucket,
  settingsBucket,
} from '@compliance/infra';

import { distinctCoverage, type Coverage, type Part, type Refusal } from '../model/coverage.ts';
import {
  isForwardingRule,
  type DeployedOrganization,
  type Deployment,
  type NamedResource,
} from '../model/deployment.ts';
import type { PlannedEvents } from './planned-events.ts';

/** The resources on one side of a plan. */
export type PlannedContent = Omit<
  Deployment,
  | 'partition'
  | 'organization'
  | 'serviceControlPolicies'
  | 'providerConstraints'
  | 'coverage'
  | 'refusals'
  | 'gaps'
> & {
  /** Accounts and Regions whose rules are known. */
  readonly reached: readonly { readonly accountId: string; readonly region: string }[];
} & Pick<PlannedEvents, 'eventTargets'>;

/** The parts that a plan covers: one resource of a part implies all of it. Resources of others do not count. */
export const plannedCoverage = (content: PlannedContent): readonly Coverage[] => {
  const regional = (
    part: Part,
    resources: readonly { readonly accountId: string; readonly region: string }[],
  ) => resources.map(({ accountId, region }) => ({ part, accountId, region }));
  const ofRoles = (part: Part, names: readonly string[]) =>
    content.roles.filter(({ name }) => names.includes(name)).map(({ accountId }) => ({ part, accountId }));
  const isStore = ({ name, accountId }: NamedResource) =>
    [STATE_TABLE, STOP_PARAMETER, TOPIC, settingsBucket(accountId), ledgerBucket(accountId)].includes(name);
  const functions: readonly string[] = Object.values(FUNCTIONS);
  const groups = [AUDIT_LOG_GROUP, functionLogGroup('rule'), functionLogGroup('remediation')];
  const rulesAndTargets = [...content.eventRules, ...content.eventTargets];
  return distinctCoverage([
    ...regional(
      'functions',
      content.functions.filter(({ name }) => functions.includes(name)),
    ),
    ...regional(
      'functions',
      [...content.permissions, ...content.aliases].filter((each) => functions.includes(each.functionName)),
    ),
    ...regional(
      'functions',
      content.documents.filter(({ name }) => name === DOCUMENT),
    ),
    ...regional('keeper', [
      ...content.functions.filter(({ name }) => name === KEEPER),
      ...content.buckets.filter(({ name, accountId }) => name === sealedBucket(accountId)),
      ...content.logGroups.filter(({ name }) => name === KEEPER_LOG_GROUP),
    ]),
    ...regional(
      'dashboard',
      content.buckets.filter(({ name, accountId }) => name === dashboardBucket(accountId)),
    ),
    ...ofRoles('executionRoles', Object.values(EXECUTION_ROLES)),
    ...ofRoles('memberRoles', [...Object.values(ASSUMED_ROLES), AUTOMATION_ROLE, FORWARDING_ROLE]),
    ...regional('rules', content.reached),
    ...regional('packs', content.packs),
    ...regional('recorders', [...content.recorders, ...content.channels]),
    ...regional(
      'stores',
      [...content.tables, ...content.buckets, ...content.parameters, ...content.topics].filter(isStore),
    ),
    ...regional(
      'logGroups',
      content.logGroups.filter(({ name }) => groups.includes(name)),
    ),
    ...regional('forwarding', rulesAndTargets.filter(isForwardingRule)),
    ...regional('changes', [
      ...content.eventBuses.filter(({ name }) => name === EVENT_BUS),
      ...rulesAndTargets.filter(({ bus }) => bus === EVENT_BUS),
      ...content.logGroups.filter(({ name }) => name === CHANGES_LOG_GROUP),
    ]),
  ]);
};

/** The parts of the organization that a data source read. */
export const organizationCoverage = (
  { id, accounts }: DeployedOrganization,
  accountId: string,
): readonly Coverage[] => [
  ...(id === undefined ? [] : [{ part: 'organization', accountId } as const]),
  ...(accounts ? [{ part: 'organizationAccounts', accountId } as const] : []),
];

/** The parts that no plan contains. */
export const planRefusals = (masterAccountId: string, accountIds: readonly string[]): readonly Refusal[] => [
  { part: 'administration', accountId: masterAccountId, reason: LIVE_ONLY },
  { part: 'signingKey', accountId: masterAccountId, reason: LIVE_ONLY },
  ...[...new Set([masterAccountId, ...accountIds])].map((accountId) => ({
    part: 'serviceControl' as const,
    accountId,
    reason: LIVE_ONLY,
  })),
];

const LIVE_ONLY = 'not in a plan; preflight without --plan reads it from AWS';
