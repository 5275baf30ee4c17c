import type { Publisher } from './publisher.ts';

const HOUR_MS = 3_600_000;

/**
 * Limits what callers can have published before they proved who they are: so many events a reason and hour.
 * By reason, not by account: the payload names the account, so a stranger could silence another's. The limit is per
 * instance of the function. It decides about words only, never about work.
 */
export const createReportLimiter = (perReason = 5): ((reason: string, now: Date) => boolean) => {
  const told = new Map<string, Date[]>();
  return (reason, now) => {
    const recent = (told.get(reason) ?? []).filter((time) => now.getTime() - time.getTime() < HOUR_MS);
    const mayTell = recent.length < perReason;
    told.set(reason, mayTell ? [...recent, now] : recent);
    return mayTell;
  };
};

/**
 * Publishes an event once an hour, however often it happens: an execution that is asked for again and again changes
 * nothing, and its events have one id. An event that could not be published is not told, and goes out the next time.
 */
export const publishOnce = (): ((publish: Publisher, now: () => Date) => Publisher) => {
  const told = new Map<string, number>();
  return (publish, now) => async (events) => {
    for (const [id, time] of told) if (now().getTime() - time >= HOUR_MS) told.delete(id);
    const fresh = events.filter(({ id }) => !told.has(id));
    if (fresh.length === 0) return;
    await publish(fresh);
    for (const { id } of fresh) told.set(id, now().getTime());
  };
};
