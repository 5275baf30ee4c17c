import type { WriteStream } from 'node:tty';

/** One line on a terminal that is written over; nothing where nobody watches. */
export const createProgress = (stream: WriteStream) => {
  const isWatched = stream.isTTY;
  let last = 0;
  return {
    show: (text: string): void => {
      const now = performance.now();
      // Terminals are slow; ten lines a second are enough.
      if (!isWatched || now - last < 100) return;
      last = now;
      stream.write(`\r\u001b[K${text.slice(0, stream.columns - 1)}`);
    },
    clear: (): void => {
      if (isWatched) stream.write('\r\u001b[K');
    },
  };
};
