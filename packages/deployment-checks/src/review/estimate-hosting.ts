import type { CostLine } from './estimate-cost.ts';
import { PRICES } from './prices.ts';

/** Assumptions about the hosted dashboard. */
export interface HostingUsage {
  /** Times a month that somebody opens it. */
  readonly visits: number;
  readonly visitRequests: number;
  readonly visitGigabytes: number;
  /** Times a month that its data is written. */
  readonly publications: number;
  /** What is written of an account each time. */
  readonly publishedBytes: number;
}

export const HOSTING_USAGE: HostingUsage = {
  visits: 1_000,
  visitRequests: 10,
  visitGigabytes: 0.0003,
  publications: 30,
  publishedBytes: 20_000,
};

const ITEMS = {
  requests: 'Requests to the dashboard',
  published: 'Files that are published to it',
  stored: 'Gigabytes of its data',
} as const;
/** What a dashboard that is not hosted does not cost. */
export const HOSTING_ITEMS: ReadonlySet<string> = new Set(Object.values(ITEMS));

/** The page, the overview, the verdicts and some units. */
const COMMON_FILES = 30;

/** Estimates the monthly cost of the hosted dashboard. What is replaced is kept for a month. */
export const estimateHosting = (
  { accounts, isHosted }: { readonly accounts: number; readonly isHosted: boolean },
  usage: HostingUsage,
): readonly CostLine[] => {
  const { delivery, storage } = PRICES;
  const visits = isHosted ? usage.visits : 0;
  const requests = visits * usage.visitRequests;
  const publications = isHosted ? usage.publications : 0;
  const published = publications * (accounts + COMMON_FILES);
  const stored = (publications * accounts * usage.publishedBytes) / 1e9;
  return [
    {
      item: ITEMS.requests,
      quantity: requests,
      // Nothing is cached: each is a read of the bucket.
      dollars:
        requests * (delivery.request + delivery.functionRun + storage.read) +
        visits * usage.visitGigabytes * delivery.gigabyte,
    },
    { item: ITEMS.published, quantity: published, dollars: published * storage.write },
    { item: ITEMS.stored, quantity: stored, dollars: stored * storage.gigabyteMonth },
  ];
};
