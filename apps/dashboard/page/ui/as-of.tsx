import { useEffect, useState } from 'preact/hooks';

import type { Overview } from '@compliance/dashboard-data';

import { duration, instant, plural } from '../base/format.ts';

/** Data of yesterday is normal for a daily snapshot; older data is marked. */
const OLD_SECONDS = 36 * 3600;

/** The time up to which events are counted, how long ago that was, and what of it is sealed. */
export const AsOf = ({ asOf, evidence }: Pick<Overview, 'asOf' | 'evidence'>) => {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
  const age = Math.max(0, now / 1000 - asOf);
  return (
    <p class={age > OLD_SECONDS ? 'as-of old' : 'as-of'}>
      As of <time dateTime={new Date(asOf * 1000).toISOString()}>{instant(asOf)}</time>
      <span class="age"> · {duration(age)} old</span>
      {evidence && <Sealed evidence={evidence} />}
    </p>
  );
};

type Evidence = NonNullable<Overview['evidence']>;

const Sealed = ({ evidence }: { readonly evidence: Evidence }) => {
  const { verified, until, head } = evidence;
  const isBroken = verified === 'incomplete' || verified === 'other-key';
  return (
    <span class={isBroken ? 'sealed broken' : 'sealed'} title={`Head ${head}`}>
      Sealed until {instant(until)}, {verificationOf(evidence)}
    </span>
  );
};

const verificationOf = ({ verified, missingHours }: Evidence): string => {
  switch (verified) {
    case 'verified':
      return 'verified';
    case 'incomplete':
      return `${plural(missingHours, 'hour')} missing`;
    case 'signer-not-proven':
      return 'signer not proven';
    case 'other-key':
      return 'by another key than expected';
    default:
      throw new Error(`Unknown verification ${String(verified satisfies never)}`);
  }
};
