import { ACCOUNT_TYPE, applicableTo } from '@compliance/core';

import type { DeployedRule, Deployment } from '../model/deployment.ts';
import type { DesiredState } from '../model/desired-state.ts';
import { estimateHosting, HOSTING_USAGE, type HostingUsage } from './estimate-hosting.ts';
import { estimateLedger, LEDGER_USAGE, type LedgerUsage } from './estimate-ledger.ts';
import { evaluationPrice, PRICES } from './prices.ts';

/** Assumptions of the estimate: number of resources, and how often they change. */
export interface Usage extends LedgerUsage, HostingUsage {
  /** Per type, account and Region, unless `resourcesOf` has another number. */
  readonly resources: number;
  readonly resourcesOf: Readonly<Record<string, number>>;
  /** Per resource and month. */
  readonly changes: number;
  /** Changes of a rule's verdict, per resource and month. */
  readonly verdictChanges: number;
  /** Share of all resources that a rule finds NON_COMPLIANT. */
  readonly nonCompliantShare: number;
  readonly changeSeconds: number;
  readonly sweepSeconds: number;
  readonly memoryGigabytes: number;
  /** Per verdict. */
  readonly logBytes: number;
}

export const DEFAULT_USAGE: Usage = {
  resources: 50,
  resourcesOf: {},
  changes: 4,
  verdictChanges: 0.1,
  nonCompliantShare: 0.05,
  changeSeconds: 0.3,
  sweepSeconds: 5,
  memoryGigabytes: 0.25,
  logBytes: 2000,
  ...LEDGER_USAGE,
  ...HOSTING_USAGE,
};

/** Sweeps per month: one every 24 hours. */
const SWEEPS = 30;

export interface CostLine {
  readonly item: string;
  readonly quantity: number;
  readonly dollars: number;
}

/** Resources that cost the same every month, whatever the usage. */
export interface FixedQuantities {
  readonly alarms: number;
  readonly keys: number;
  readonly hasKeeper: boolean;
  readonly hasAthena: boolean;
  readonly isHosted: boolean;
}

export interface Cost {
  /** Per month, in the order of the table. */
  readonly monthly: readonly CostLine[];
  /** Rule evaluations per month if sweeps reported every resource. */
  readonly fullSweeps: CostLine;
}

/** Estimates the monthly cost of a deployment from prices and usage. */
export const estimateCost = (
  deployment: Deployment,
  desired: DesiredState,
  usage: Usage,
  { alarms, keys, hasKeeper, hasAthena, isHosted }: FixedQuantities,
): Cost => {
  const items = itemsOf(deployment, usage);
  const loads = deployment.rules.map((rule) => ({ rule, ...loadOf(rule, desired, usage) }));
  const changed = loads.map(({ onChange, swept }) => onChange + swept);
  const evaluations = evaluationLine('Rule evaluations', deployment.rules, changed);
  const full = loads.map(({ onChange, everything }) => onChange + everything);
  const invocations = loads.map(({ onChange }) => onChange + SWEEPS);
  const seconds = sum(
    loads.map(({ onChange }) => onChange * usage.changeSeconds + SWEEPS * usage.sweepSeconds),
  );
  const gigabytes = (evaluations.quantity * usage.logBytes) / 1e9;
  return {
    monthly: [
      items,
      evaluations,
      {
        item: 'Lambda invocations',
        quantity: sum(invocations),
        dollars:
          sum(invocations) * PRICES.lambda.request +
          seconds * usage.memoryGigabytes * PRICES.lambda.gigabyteSecond,
      },
      { item: 'Gigabytes of logs', quantity: gigabytes, dollars: gigabytes * PRICES.logs.gigabyteIngested },
      { item: 'Alarms', quantity: alarms, dollars: alarms * PRICES.alarm.month },
      { item: 'Keys', quantity: keys, dollars: keys * PRICES.key.month },
      ...estimateLedger(
        {
          events: evaluations.quantity,
          hasKeeper,
          hasAthena,
          lockDays: desired.settings.ledger?.lockDays ?? 0,
        },
        usage,
      ),
      ...estimateHosting({ accounts: desired.settings.accounts.length, isHosted }, usage),
    ],
    fullSweeps: evaluationLine('Rule evaluations, if sweeps reported everything', deployment.rules, full),
  };
};

const itemsOf = ({ recorders, rules }: Deployment, usage: Usage): CostLine => {
  const perRecorder = recorders.map(({ accountId, region, records, daily, recording }) => {
    const evaluated = new Set(
      rules
        .filter((rule) => rule.accountId === accountId && rule.region === region)
        .flatMap(({ resourceTypes }) => resourceTypes),
    );
    const types = records.type === 'listed' ? records.resourceTypes : [...evaluated];
    if (!recording) return { count: 0, dollars: 0 };
    const isDaily = (type: string) => daily.includes('*') || daily.includes(type);
    const counts = types.map((type) => ({
      count: resourcesOf(type, usage) * Math.min(usage.changes, isDaily(type) ? SWEEPS : Infinity),
      price: isDaily(type) ? PRICES.configurationItem.daily : PRICES.configurationItem.continuous,
    }));
    return {
      count: sum(counts.map(({ count }) => count)),
      dollars: sum(counts.map(({ count, price }) => count * price)),
    };
  });
  return {
    item: 'Configuration items',
    quantity: sum(perRecorder.map(({ count }) => count)),
    dollars: sum(perRecorder.map(({ dollars }) => dollars)),
  };
};

/** Verdicts of a rule per month: on changes, by sweeps as configured, and by full sweeps. */
const loadOf = (rule: DeployedRule, { rules, settings }: DesiredState, usage: Usage) => {
  const command = rule.inputParameters['ComplianceCommand'] ?? '';
  const type = rules.find((known) => known.command === command)?.resourceType ?? rule.resourceTypes[0] ?? '';
  const resources = resourcesOf(type, usage);
  const onChange = rule.resourceTypes.length > 0 ? resources * usage.changes : 0;
  const account = settings.accounts.find(({ id }) => id === rule.accountId);
  const isAuto = account !== undefined && applicableTo(settings, account, command).mode === 'auto';
  const repeated =
    isAuto && settings.repeatNonCompliantInAuto ? resources * usage.nonCompliantShare * SWEEPS : 0;
  const everything = resources * SWEEPS;
  const swept = settings.sweep === 'full' ? everything : resources * usage.verdictChanges + repeated;
  return { onChange, swept, everything };
};

const resourcesOf = (type: string, { resources, resourcesOf: given }: Usage): number => {
  if (type === ACCOUNT_TYPE) return 1;
  return (Object.hasOwn(given, type) ? given[type] : undefined) ?? resources;
};

/** Prices evaluations per Region, because each Region has its own tiers. */
const evaluationLine = (
  item: string,
  rules: readonly DeployedRule[],
  counts: readonly number[],
): CostLine => {
  const byRegion = new Map<string, number>();
  for (const [index, { region }] of rules.entries())
    byRegion.set(region, (byRegion.get(region) ?? 0) + (counts[index] ?? 0));
  const perRegion = [...byRegion.values()];
  return { item, quantity: sum(perRegion), dollars: sum(perRegion.map(evaluationPrice)) };
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
