/** Creates a token bucket, as AWS uses to limit calls. */
export const createRateLimit = ({ perSecond, burst }: { perSecond: number; burst: number }) => {
  let tokens = burst;
  let since = performance.now();
  return (): boolean => {
    const now = performance.now();
    tokens = Math.min(burst, tokens + ((now - since) / 1000) * perSecond);
    since = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
};
