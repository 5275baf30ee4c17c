/**
 * Hears the first Ctrl-C instead of ending the process; a second one ends it as usual.
 * @returns the signal, and what makes the first Ctrl-C end the process again
 */
export const hearInterrupt = (): { readonly signal: AbortSignal; readonly restore: () => void } => {
  const others = process.listeners('SIGINT');
  const controller = new AbortController();
  const onInterrupt = () => {
    restore();
    controller.abort(new Error('Interrupted.'));
  };
  const restore = () => {
    process.off('SIGINT', onInterrupt);
    for (const other of others)
      if (!process.listeners('SIGINT').includes(other)) process.once('SIGINT', other);
  };
  for (const other of others) process.off('SIGINT', other);
  process.on('SIGINT', onInterrupt);
  return { signal: controller.signal, restore };
};
