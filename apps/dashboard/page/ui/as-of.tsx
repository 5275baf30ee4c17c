import { useEffect, useState } from 'preact/hooks';

import { duration, instant } from '../base/format.ts';

/** Data of yesterday is normal for a daily snapshot; older data is marked. */
const OLD_SECONDS = 36 * 3600;

/** The time up to which events are counted, and how long ago that was. */
export const AsOf = ({ asOf }: { readonly asOf: number }) => {
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
    </p>
  );
};
