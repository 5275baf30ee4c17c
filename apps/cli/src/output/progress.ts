import type { WriteStream } from 'node:tty';

import { printable } from '@compliance/core/printable';

import { writeStyled } from './terminal.ts';

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
      writeStyled(stream, `\r\u001b[K${printable(text).slice(0, stream.columns - 1)}`);
    },
    clear: (): void => {
      if (isTerminal) writeStyled(stream, '\r\u001b[K');
    },
  };
};
