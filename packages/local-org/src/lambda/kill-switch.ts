import { type Call, operationName, type OperationName } from '../protocol/call.ts';
import type { Functions } from './functions.ts';

/** Ends a function's process before it makes a certain call: the function dies between two steps. */
export interface KillOrder {
  readonly functionName: string;
  /** As 's3:PutBucketVersioning'. */
  readonly before: OperationName;
  /** The n-th such call from now on, from 1. */
  readonly nth?: number;
}

export interface KillSwitch {
  readonly arm: (order: KillOrder) => void;
  /** Whether the call comes from a process that was just ended for it: nobody waits for its answer. */
  readonly kills: (call: Call) => boolean;
}

export const createKillSwitch = (functions: () => Functions): KillSwitch => {
  const orders: (KillOrder & { left: number })[] = [];
  return {
    arm: (order) => {
      orders.push({ ...order, left: order.nth ?? 1 });
    },
    kills: (call) => {
      if (orders.length === 0) return false;
      // The app id in the SDK's user agent is the id of the worker.
      const [, id = ''] = /\bapp\/([\w-]+)/.exec(call.request.headers['user-agent'] ?? '') ?? [];
      const caller = functions().worker(id);
      const order = orders.find(
        ({ functionName, before }) => functionName === caller?.functionName && before === operationName(call),
      );
      if (caller === undefined || order === undefined) return false;
      order.left -= 1;
      if (order.left > 0) return false;
      orders.splice(orders.indexOf(order), 1);
      caller.worker.kill();
      return true;
    },
  };
};
