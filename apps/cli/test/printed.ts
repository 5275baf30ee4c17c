import { vi } from 'vitest';

/** Captures what a command prints, in this process because starting one takes most of its time. */
export const printed = async (work: () => Promise<unknown>): Promise<string> => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await work();
    return write.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    write.mockRestore();
  }
};
