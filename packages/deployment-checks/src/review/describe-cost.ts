import { KEEPER } from '@compliance/infra';

import type { Deployment } from '../model/deployment.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { PlanJson } from '../plan/plan-json.ts';
import type { Side } from '../plan/planned-resources.ts';
import { HOSTING_ITEMS } from './estimate-hosting.ts';
import { LEDGER_ITEMS } from './estimate-ledger.ts';
import { estimateCost, type CostLine, type FixedQuantities, type Usage } from './estimate-cost.ts';
import { list, plain, table } from './markdown.ts';
import { PRICES } from './prices.ts';

type Sides<T> = Readonly<Record<Side, T>>;

const fixedQuantities = ({ resource_changes: changes }: PlanJson, side: Side): FixedQuantities => {
  const count = (wanted: string) =>
    changes.filter(({ type, mode, change }) => type === wanted && mode === 'managed' && change[side]).length;
  return {
    alarms: count('aws_cloudwatch_metric_alarm'),
    keys: count('aws_kms_key'),
    hasKeeper: changes.some(
      ({ type, change }) => type === 'aws_lambda_function' && change[side]?.['function_name'] === KEEPER,
    ),
    hasAthena: count('aws_athena_workgroup') > 0,
    isHosted: count('aws_cloudfront_distribution') > 0,
  };
};

/** Describes the monthly cost before and after, with its parts and assumptions. */
export const describeCost = (
  plan: PlanJson,
  { before, after }: Sides<Deployment>,
  desiredStates: Sides<DesiredState>,
  usage: Usage,
): string => {
  const fixed = { before: fixedQuantities(plan, 'before'), after: fixedQuantities(plan, 'after') };
  const old = estimateCost(before, desiredStates.before, usage, fixed.before);
  const now = estimateCost(after, desiredStates.after, usage, fixed.after);
  const isSealed = fixed.before.hasKeeper || fixed.after.hasKeeper;
  const isHosted = fixed.before.isHosted || fixed.after.isHosted;
  const lines = now.monthly.map((line, index) => ({ was: old.monthly[index], line }));
  const rows = lines
    .filter(({ line }) => isSealed || !LEDGER_ITEMS.has(line.item))
    .filter(({ line }) => isHosted || !HOSTING_ITEMS.has(line.item))
    .map(({ was, line }) => row(was, line));
  // Quantities of different items have no sum.
  const total = row(totalOf(old.monthly), totalOf(now.monthly)).map((cell, index) =>
    index === 1 ? '' : `**${cell}**`,
  );
  return [
    table(
      ['Per month', 'Quantity', 'Before', 'After', 'Change'],
      [...rows, total, row(old.fullSweeps, now.fullSweeps)],
    ),
    'Assumptions, because a plan has no usage data:',
    list([
      ...assumptions(usage),
      ...(isSealed ? ledgerAssumptions(usage) : []),
      ...(isHosted ? hostingAssumptions(usage) : []),
    ]),
    `<details><summary>Prices of us-east-1 as of ${PRICES.asOf}, in US dollars, without free tiers</summary>`,
    table(
      ['What', 'Price', 'Source'],
      [
        ...prices(),
        ...(isSealed || isHosted ? [storagePrice()] : []),
        ...(isSealed ? ledgerPrices() : []),
        ...(isHosted ? hostingPrices() : []),
      ],
    ),
    '</details>',
    `Not included: fixes, SSM Automation, ${isSealed ? 'appending to the ledger' : 'the ledger'}, the state table, ${isSealed ? 'other ' : ''}calls of KMS, SNS and SQS.`,
    ...unrecorded(after),
    ...(after.recorders.some(({ records }) => records.type !== 'listed')
      ? ['A recorder records more types than the rules evaluate; only the evaluated ones are included.']
      : []),
  ].join('\n\n');
};

/** The places in which rules run but the plan has no recorder: an existing one, whose items are unknown. */
const unrecorded = ({ rules, recorders }: Deployment): readonly string[] => {
  const placeOf = ({ accountId, region }: { readonly accountId: string; readonly region: string }) =>
    `${accountId} ${region}`;
  const recorded = new Set(recorders.map(placeOf));
  const places = [...new Set(rules.map(placeOf))].filter((place) => !recorded.has(place)).toSorted();
  return places.length === 0
    ? []
    : [`The plan has no recorder in ${places.join(', ')}: configuration items there are not included.`];
};

const row = (before: CostLine | undefined, after: CostLine): readonly string[] => {
  const was = before?.dollars ?? 0;
  return [
    after.item,
    after.quantity < 10 && !Number.isInteger(after.quantity)
      ? after.quantity.toPrecision(2)
      : Math.round(after.quantity).toLocaleString('en-US'),
    dollars(was),
    dollars(after.dollars),
    `${after.dollars < was ? '-' : '+'}${dollars(Math.abs(after.dollars - was))}`,
  ];
};

const totalOf = (lines: readonly CostLine[]): CostLine => ({
  item: 'Total',
  quantity: 0,
  dollars: lines.reduce((sum, line) => sum + line.dollars, 0),
});

const dollars = (amount: number) => `$${amount.toFixed(2)}`;

const prices = (): readonly (readonly string[])[] => {
  const { configurationItem: item, ruleEvaluation, lambda, logs, alarm, key } = PRICES;
  return [
    ['Configuration item', `$${item.continuous}; daily $${item.daily}`, item.source],
    [
      'Rule evaluation, per Region and month',
      ruleEvaluation.tiers
        .map(
          ({ each, upTo }) =>
            `$${each}${upTo === Infinity ? ' beyond' : ` up to ${upTo.toLocaleString('en-US')}`}`,
        )
        .join(', '),
      ruleEvaluation.source,
    ],
    [
      'Lambda',
      `$${lambda.request.toFixed(7)} per request, $${lambda.gigabyteSecond.toFixed(8)} per gigabyte-second`,
      lambda.source,
    ],
    ['Logs', `$${logs.gigabyteIngested.toFixed(2)} per gigabyte`, logs.source],
    ['Alarm', `$${alarm.month.toFixed(2)} per month`, alarm.source],
    ['Key', `$${key.month.toFixed(2)} per month`, key.source],
  ];
};

const ledgerPrices = (): readonly (readonly string[])[] => {
  const { signature, athena } = PRICES;
  return [
    ['Signature', `$${signature.each.toFixed(6)}`, signature.source],
    ['Athena', `$${athena.gigabyteScanned} per gigabyte that a query reads`, athena.source],
  ];
};

const storagePrice = (): readonly string[] => {
  const { write, read, gigabyteMonth, source } = PRICES.storage;
  return [
    'S3',
    `$${write.toFixed(6)} per write or list, $${read.toFixed(7)} per read, $${gigabyteMonth} per gigabyte and month`,
    source,
  ];
};

const hostingPrices = (): readonly (readonly string[])[] => {
  const { request, functionRun, gigabyte, source } = PRICES.delivery;
  return [
    [
      'CloudFront',
      `$${request.toFixed(6)} per request, $${functionRun.toFixed(7)} per run of its function, $${gigabyte} per gigabyte`,
      source,
    ],
  ];
};

const assumptions = (usage: Usage): readonly string[] => [
  `${usage.resources} resources of each type in each account and Region` +
    Object.entries(usage.resourcesOf)
      .map(([type, count]) => `, but ${count} of ${plain(type)}`)
      .toSorted()
      .join(''),
  `${usage.changes} changes of each resource per month, of which ${usage.verdictChanges} change a verdict`,
  `${usage.nonCompliantShare * 100} % of them NON_COMPLIANT, a sweep every 24 hours`,
  `${usage.changeSeconds} s at ${usage.memoryGigabytes} GB per change, ${usage.sweepSeconds} s per sweep, ${usage.logBytes} bytes of logs per verdict`,
];

const ledgerAssumptions = (usage: Usage): readonly string[] => [
  `a sealed ledger: ${usage.keeperRunSeconds} s at ${usage.keeperGigabytes} GB per run of the keeper, ${usage.keeperHourSeconds} s per hour, ` +
    `${usage.sealedBytes} bytes per event for as long as it is locked, ${usage.intakeBytes} for 35 days`,
  `Athena: ${usage.queries} queries per month that read ${usage.queryGigabytes} GB each`,
];

const hostingAssumptions = (usage: Usage): readonly string[] => [
  `the hosted dashboard: ${usage.visits} visits of ${usage.visitRequests} requests and ${usage.visitGigabytes * 1_000} MB, ` +
    `${usage.publications} publications of ${usage.publishedBytes} bytes per account, kept for 30 days; an authenticator of yours is not included`,
];
