import type { WriteStream } from 'node:tty';

import { printable } from '@compliance/core/printable';

import { writeStyled } from './terminal.ts';

/** Shows one progress line on a terminal. Elsewhere it prints a line for each twentieth that is done, where asked to. */
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
    /** A line of its own where there is no terminal, such as in CI: at most twenty in all. */
    plain: (done: number, all: number, text = ''): void => {
      const twentieth = (count: number) => Math.floor((count * 20) / all);
      if (isTerminal || all < 20 || twentieth(done) === twentieth(done - 1)) return;
      stream.write(`${done}/${all} accounts${text}\n`);
    },
    clear: (): void => {
      if (isTerminal) writeStyled(stream, '\r\u001b[K');
    },
  };
};
