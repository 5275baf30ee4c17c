import { score, type Counts } from '@compliance/dashboard-data';
import type { Manifest } from '@compliance/state';

export const countsOf = ({ totals: { c, v, x, e, u } }: Manifest): Counts => ({
  compliant: c,
  violating: v,
  exempt: x,
  excluded: e,
  unknown: u,
});

/** The counts of a state, its score, and how many sweeps counted something else. */
export const countsInWords = (manifest: Manifest): string => {
  const counts = countsOf(manifest);
  const share = score(counts);
  const { count, swept } = manifest.differences;
  return [
    `As of ${new Date(manifest.until).toISOString()}: ${Object.entries(counts)
      .map(([state, number]) => `${number} ${state}`)
      .join(', ')}.`,
    `Score: ${share === undefined ? 'none, nothing was judged' : `${share} %`} (compliant of compliant, violating and unknown).`,
    sweepsInWords(count, swept),
    ...(manifest.skipped === 0
      ? []
      : [`${manifest.skipped} lines or objects of the ledger were left out when the state was built.`]),
    '',
  ].join('\n');
};

const sweepsInWords = (different: number, swept: number): string => {
  if (swept === 0) return 'No sweep was seen yet: there may be more resources.';
  return different === 0
    ? `${swept} sweeps (a rule in an account and Region) counted the same.`
    : `${different} of ${swept} sweeps (a rule in an account and Region) counted other resources.`;
};
