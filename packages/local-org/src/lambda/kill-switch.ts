import { type Call, operationName, type OperationName } from '../protocol/call.ts';
import type { Functions } from './functions.ts';

/** Kills a function's process before a certain call, between two of its steps. */
export interface KillOrder {
  readonly functionName: string;
  /** Such as 's3:PutBucketVersioning'. */
  readonly before: OperationName;
  /** The n-th such call from now on, from 1. */
  readonly nth?: number;
}

export interface KillSwitch {
  readonly arm: (order: KillOrder) => void;
  /** Kills the process that makes the call if an order matches; true if it did: nobody waits for a reply then. */
  readonly kills: (call: Call) => boolean;
}

export const createKillSwitch = (functions: Pick<Functions, 'worker'>): KillSwitch => {
  const orders: (KillOrder & { remaining: number })[] = [];
  return {
    arm: (order) => {
      orders.push({ ...order, remaining: order.nth ?? 1 });
    },
    kills: (call) => {
      if (orders.length === 0) return false;
      // The app id in the SDK's user agent is the id of the worker.
      const [, id = ''] = /\bapp\/([\w-]+)/.exec(call.request.headers['user-agent'] ?? '') ?? [];
      const caller = functions.worker(id);
      const order = orders.find(
        ({ functionName, before }) => functionName === caller?.functionName && before === operationName(call),
      );
      if (caller === undefined || order === undefined) return false;
      order.remaining -= 1;
      if (order.remaining > 0) return false;
      orders.splice(orders.indexOf(order), 1);
      caller.worker.kill();
      return true;
    },
  };
};
