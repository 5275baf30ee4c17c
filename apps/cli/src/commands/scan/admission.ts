import { errorCode, isThrottled, type AttemptOf } from '@compliance/core/scan';

export interface AdmissionOptions {
  /** Requests in flight per service and Region. */
  readonly perLane?: number;
  /** Requests in flight per account. */
  readonly perAccount?: number;
  /** Requests a second per account. */
  readonly rate?: number | undefined;
  readonly now?: () => number;
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

export interface CallCounts {
  calls: number;
  throttled: number;
}

export interface Admission {
  /** Waits until an attempt may be sent; what it returns hears how the attempt ended. */
  readonly admit: (attempt: AttemptOf) => Promise<(error?: unknown) => void>;
  /** By service. */
  readonly counts: () => Readonly<Record<string, CallCounts>>;
}

/**
 * Bounds the requests of one account, which share its limits in AWS.
 * A throttled service in a Region halves its own bound and wins it back one by one; no other service waits for it.
 */
export const createAdmission = ({
  perLane = 16,
  perAccount = 48,
  rate,
  now = Date.now,
  sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
}: AdmissionOptions = {}): Admission => {
  const account = createGate(perAccount);
  const lanes = new Map<string, Gate>();
  const counts = new Map<string, CallCounts>();
  const paced = rate === undefined ? undefined : createPace(rate, now, sleep);

  const laneOf = ({ service, region }: AttemptOf): Gate => {
    const key = `${service} ${region}`;
    const lane = lanes.get(key) ?? createGate(perLane);
    lanes.set(key, lane);
    return lane;
  };

  return {
    admit: async (attempt) => {
      const lane = laneOf(attempt);
      // The lane first: what waits for a slow service must not hold a place of the account.
      await lane.enter();
      await account.enter();
      await paced?.();
      const count = counts.get(attempt.service) ?? { calls: 0, throttled: 0 };
      counts.set(attempt.service, count);
      count.calls += 1;
      return (error) => {
        const isTooMany = error !== undefined && isThrottled(errorCode(error));
        if (isTooMany) count.throttled += 1;
        lane.adapt(isTooMany);
        account.leave();
        lane.leave();
      };
    },
    counts: () => Object.fromEntries(counts),
  };
};

interface Gate {
  readonly enter: () => Promise<void>;
  readonly leave: () => void;
  readonly adapt: (isTooMany: boolean) => void;
}

const createGate = (most: number): Gate => {
  let limit = most;
  let inside = 0;
  const waiting: (() => void)[] = [];
  const letIn = () => {
    while (inside < Math.floor(limit)) {
      const next = waiting.shift();
      if (!next) return;
      inside += 1;
      next();
    }
  };
  return {
    enter: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        letIn();
      }),
    leave: () => {
      inside -= 1;
      letIn();
    },
    adapt: (isTooMany) => {
      limit = isTooMany ? Math.max(1, limit / 2) : Math.min(most, limit + 1 / limit);
    },
  };
};

/** Spaces requests evenly, so that a second has at most `rate` of them. */
const createPace = (rate: number, now: () => number, sleep: (milliseconds: number) => Promise<void>) => {
  let next = 0;
  return async () => {
    const at = Math.max(now(), next);
    next = at + 1000 / rate;
    if (at > now()) await sleep(at - now());
  };
};
