import type { WriteStream } from 'node:tty';

/** Shows one progress line on a terminal, and nothing elsewhere. */
export const createProgress = (stream: WriteStream) => {
  const isTerminal = stream.isTTY;
  let last = 0;
  return {
    show: (text: string): void => {
      const now = performance.now();
      // Terminals are slow: update at most ten times a second.
      if (!isTerminal || now - last < 100) return;
      last = now;
      stream.write(`\r\u001b[K${text.slice(0, stream.columns - 1)}`);
    },
    clear: (): void => {
      if (isTerminal) stream.write('\r\u001b[K');
    },
  };
};
