/**
 * AWS prices in us-east-1, in US dollars, without free tiers and taxes. Other Regions differ: the sums are orders of
 * magnitude, not invoices.
 */
export const PRICES = {
  asOf: '2026-11-25',
  configurationItem: {
    continuous: 0.003,
    daily: 0.012,
    source: 'Vantage and CloudGauge on AWS Config pricing, 2025',
  },
  /** Per Region and month, over all accounts of a consolidated bill; rules of packs are billed the same way. */
  ruleEvaluation: {
    tiers: [
      { upTo: 100_000, each: 0.001 },
      { upTo: 500_000, each: 0.0008 },
      { upTo: Infinity, each: 0.0005 },
    ],
    source: 'Vantage on AWS Config pricing, 2025',
  },
  lambda: {
    request: 0.000_000_2,
    gigabyteSecond: 0.000_016_67,
    source: 'AWS whitepaper How AWS Pricing Works, chapter Lambda (x86)',
  },
  logs: { gigabyteIngested: 0.5, source: 'Duckbill Group on CloudWatch Logs, May 2025' },
  alarm: { month: 0.1, source: 'C3X on aws_cloudwatch_metric_alarm, standard resolution' },
  key: { month: 1, source: 'AWS KMS pricing, key storage' },
  signature: {
    each: 0.000_015,
    source: 'FactualMinds on AWS KMS pricing, asymmetric requests, June 2026',
  },
  /** S3 Standard. Lists cost as much as writes. */
  storage: {
    write: 0.000_005,
    read: 0.000_000_4,
    gigabyteMonth: 0.023,
    source: 'CloudOptimo (requests) and DevNotes (storage) on S3 pricing',
  },
  /** CloudFront to Europe and the United States. */
  delivery: {
    request: 0.000_001,
    functionRun: 0.000_000_1,
    gigabyte: 0.085,
    source: 'AWS CloudFront pricing, on demand, HTTPS',
  },
  athena: { gigabyteScanned: 0.005, source: 'AWS Athena pricing, SQL queries, $5 per terabyte' },
} as const;

/** The monthly price of rule evaluations in one Region. */
export const evaluationPrice = (count: number): number => {
  let from = 0;
  let dollars = 0;
  for (const { upTo, each } of PRICES.ruleEvaluation.tiers) {
    dollars += Math.max(0, Math.min(count, upTo) - from) * each;
    from = upTo;
  }
  return dollars;
};
