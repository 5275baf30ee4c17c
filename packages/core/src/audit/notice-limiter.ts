const HOUR_MS = 3_600_000;

/**
 * Limits how many failures of unlisted accounts are published: one per sender and hour.
 * With `invokePermission: any-account`, any AWS account can send events; they must not fill the audit log, the ledger
 * and mailboxes. The limit is per instance of the function; the number of instances is limited elsewhere.
 */
export const createNoticeLimiter = (senders = 20): ((sender: string, now: Date) => boolean) => {
  const noticed = new Map<string, number>();
  return (sender, now) => {
    for (const [known, time] of noticed) if (now.getTime() - time >= HOUR_MS) noticed.delete(known);
    if (noticed.has(sender) || noticed.size >= senders) return false;
    noticed.set(sender, now.getTime());
    return true;
  };
};
