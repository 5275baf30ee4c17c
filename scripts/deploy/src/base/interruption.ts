/** The command was interrupted by Ctrl-C or a shutdown. */
export class Interruption extends Error {
  constructor() {
    super(
      'Interrupted. Applied changes stay, and AWS completes what it has accepted. Run the same command again to resume.',
    );
  }
}

/** The exit code: 130, as in shells, for an interruption. */
export const exitCodeOf = (error: unknown): number => (error instanceof Interruption ? 130 : 1);

/**
 * Returns a signal that the first Ctrl-C aborts, so that the command stops after the current step.
 * Terraform has time to write its state. A second Ctrl-C ends everything at once.
 */
export const listenForInterruption = (say: (line: string) => void): AbortSignal => {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      say('Interrupted: waiting until the current step has ended …');
      controller.abort(new Interruption());
    });
  return controller.signal;
};
