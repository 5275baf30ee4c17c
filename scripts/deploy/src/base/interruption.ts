/** Somebody pressed Ctrl-C, or the machine that runs this goes down. */
export class Interruption extends Error {
  constructor() {
    super(
      'Interrupted. What was applied stays, and AWS goes on with what it was given; the same command goes on from there.',
    );
  }
}

/** As shells have it: 130 for what was interrupted. */
export const exitCodeOf = (error: unknown): number => (error instanceof Interruption ? 130 : 1);

/**
 * Ends what listens to the signal at the next step; Terraform itself is given the time to write its state. A second
 * Ctrl-C ends everything at once.
 */
export const listenForInterruption = (say: (line: string) => void): AbortSignal => {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      say('Interrupted: waiting for Terraform to write down what it did …');
      controller.abort(new Interruption());
    });
  return controller.signal;
};
