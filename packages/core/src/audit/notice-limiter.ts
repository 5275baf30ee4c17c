const HOUR_MS = 3_600_000;

/**
 * Whether to tell of a failure that no listed account answers for: each sender once an hour, and so many senders.
 * Where AWS Config is admitted for any account, whoever has one sends what they like; they must not fill the audit
 * log, the ledger and mailboxes as well. Of one instance of the function: how many there are is limited elsewhere.
 */
export const createNoticeLimiter = (senders = 20): ((sender: string, now: Date) => boolean) => {
  const told = new Map<string, number>();
  return (sender, now) => {
    for (const [known, time] of told) if (now.getTime() - time >= HOUR_MS) told.delete(known);
    if (told.has(sender) || told.size >= senders) return false;
    told.set(sender, now.getTime());
    return true;
  };
};
