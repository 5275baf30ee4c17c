import type { Deployment } from '../deployment.ts';
import type { Intent } from '../wiring.ts';
import { estimateCost, type CostLine, type Usage } from './estimate-cost.ts';
import { list, plain, table } from './markdown.ts';
import { PRICES } from './prices.ts';

/** The monthly cost before and after, what it is made of, and what was assumed. */
export const describeCost = (
  { before, after }: { readonly before: Deployment; readonly after: Deployment },
  intents: { readonly before: Intent; readonly after: Intent },
  usage: Usage,
): string => {
  const old = estimateCost(before, intents.before, usage);
  const now = estimateCost(after, intents.after, usage);
  const rows = now.monthly.map((line, index) => row(old.monthly[index], line));
  // Quantities of different things have no sum.
  const total = row(totalOf(old.monthly), totalOf(now.monthly)).map((cell, index) =>
    index === 1 ? '' : `**${cell}**`,
  );
  return [
    table(
      ['Each month', 'Quantity', 'Before', 'After', 'Change'],
      [...rows, total, row(old.fullSweeps, now.fullSweeps)],
    ),
    `Prices of us-east-1 as of ${PRICES.asOf}, in US dollars, without free tiers: ${prices().join('; ')}. ` +
      'Assumed, as a plan does not tell:',
    list(assumptions(usage)),
    ...(after.recorders.length === 0 && after.rules.length > 0
      ? ['The plan holds no recorder, so configuration items are not counted.']
      : []),
    ...(after.recorders.some(({ records }) => records.type !== 'listed')
      ? ['Some recorder records more than the types that rules judge; only these are counted.']
      : []),
  ].join('\n\n');
};

const row = (before: CostLine | undefined, after: CostLine): readonly string[] => {
  const was = before?.dollars ?? 0;
  return [
    after.item,
    after.quantity > 0 && after.quantity < 10
      ? after.quantity.toPrecision(2)
      : Math.round(after.quantity).toLocaleString('en-US'),
    dollars(was),
    dollars(after.dollars),
    `${after.dollars < was ? '-' : '+'}${dollars(Math.abs(after.dollars - was))}`,
  ];
};

const totalOf = (lines: readonly CostLine[]): CostLine => ({
  item: 'Together',
  quantity: 0,
  dollars: lines.reduce((sum, line) => sum + line.dollars, 0),
});

const dollars = (amount: number) => `$${amount.toFixed(2)}`;

const prices = (): readonly string[] => {
  const { configurationItem: item, ruleEvaluation, lambda, logs } = PRICES;
  return [
    `configuration item $${item.continuous}, daily $${item.daily} (${item.source})`,
    `rule evaluation ${ruleEvaluation.tiers.map(({ each }) => `$${each}`).join(', ')} by tier, per Region (${ruleEvaluation.source})`,
    `Lambda $${lambda.request.toFixed(7)} a request and $${lambda.gigabyteSecond.toFixed(8)} a gigabyte-second (${lambda.source})`,
    `logs $${logs.gigabyteIngested.toFixed(2)} a gigabyte (${logs.source})`,
  ];
};

const assumptions = (usage: Usage): readonly string[] => [
  `${usage.resources} resources of each type in each account and Region` +
    Object.entries(usage.resourcesOf)
      .map(([type, count]) => `, but ${count} of ${plain(type)}`)
      .toSorted()
      .join(''),
  `${usage.changes} changes of each resource a month, of which ${usage.verdictChanges} turn a verdict`,
  `${usage.nonCompliantShare * 100} % of them NON_COMPLIANT, a sweep each 24 hours`,
  `${usage.changeSeconds} s of ${usage.memoryGigabytes} GB for a change, ${usage.sweepSeconds} s for a sweep, ${usage.logBytes} bytes of logs for a verdict`,
];
