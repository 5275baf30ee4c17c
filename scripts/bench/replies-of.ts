import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Waits for the next message of a process of the bench. Both ends of the channel are files of one folder. */
export const repliesOf = <Reply>(child: ChildProcess, name: string): (() => Promise<Reply>) => {
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${name} ended before it replied.`);
  });
  // It also ends with the bench, which is an error only while a reply is pending.
  ended.catch(() => {});
  return async () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- both ends of this channel are files of one folder.
    const message = once(child, 'message') as Promise<[Reply]>;
    const [reply] = await Promise.race([message, ended]);
    return reply;
  };
};
